"""Causes become a Plan."""

from defib.playbook.climb import STARTS, climb, steps
from defib.playbook.edits import all_plays, choose
from defib.playbook.plan import chosen_checkpoint, plan

__all__ = ["STARTS", "all_plays", "choose", "chosen_checkpoint", "climb", "plan", "steps"]
