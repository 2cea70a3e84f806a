"""Symptoms become Causes, with evidence for, against and missing."""

from defib.diagnosis.calm import UNDECIDED, undecided
from defib.diagnosis.diagnose import all_causes, diagnose, verdict
from defib.diagnosis.headline import headline
from defib.diagnosis.reference import all_references, match

__all__ = ["UNDECIDED", "all_causes", "all_references", "diagnose", "headline", "match", "undecided", "verdict"]
