"""Symptoms become Causes, with evidence for, against and missing."""

from defib.diagnosis.calm import UNDECIDED, undecided
from defib.diagnosis.diagnose import all_causes, diagnose, verdict
from defib.diagnosis.headline import headline
from defib.diagnosis.reference import all_references, match
from defib.diagnosis.restarts import off_from_the_start

__all__ = [
    "UNDECIDED",
    "all_causes",
    "all_references",
    "diagnose",
    "headline",
    "match",
    "off_from_the_start",
    "undecided",
    "verdict",
]
