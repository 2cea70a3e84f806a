"""What training minimises: cross-entropies, tree loss, calibration and diversity, each raw and weighted."""

from defib.action.model.losses.total import LossConfig, Losses, LossParts

__all__ = ["LossConfig", "LossParts", "Losses"]
