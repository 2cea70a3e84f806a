"""The network: RGBPoseConv3D, its heads and prototypes, its losses, and where its weights come from."""

from defib.action.model.config import ModelConfig, PrototypeConfig
from defib.action.model.losses import LossConfig, Losses, LossParts
from defib.action.model.recognizer import Outputs, Recognizer

__all__ = ["LossConfig", "LossParts", "Losses", "ModelConfig", "Outputs", "PrototypeConfig", "Recognizer"]
