"""The trainer: RGB + pose action recognition, on PyTorch, without mmcv. It meets the engine only in files."""
