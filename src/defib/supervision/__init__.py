"""The supervisor: starts an attempt, reads it back, waits, judges, and tries something else. Every step stands in the journal."""

from defib.supervision.bedside import Bedside
from defib.supervision.orders import Orders

__all__ = ["Bedside", "Orders"]
