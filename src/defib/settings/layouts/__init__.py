"""One file for each way to lay out a config."""
