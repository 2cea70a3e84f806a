"""What we claim of the trainer, measured beside the programs that it replaces."""
