"""Training: a typed recipe in, checkpoints and a log that a diagnosis can read out."""
