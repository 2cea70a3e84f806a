"""Causes become a Plan."""

from defib.playbook.edits import all_plays, choose
from defib.playbook.plan import chosen_checkpoint, plan

__all__ = ["all_plays", "choose", "chosen_checkpoint", "plan"]
