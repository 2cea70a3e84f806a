"""A Run becomes a Checkup: what is wrong, and what could not be looked at."""

from defib.health.check import all_rules, check

__all__ = ["all_rules", "check"]
