"""Causes become a Plan."""

from defib.playbook.climb import climb, steps
from defib.playbook.edits import all_plays, choose
from defib.playbook.plan import chosen_checkpoint, plan
from defib.playbook.start import STARTS

__all__ = ["STARTS", "all_plays", "choose", "chosen_checkpoint", "climb", "plan", "steps"]
