"""Clips: where they come from, how they become tensors."""
