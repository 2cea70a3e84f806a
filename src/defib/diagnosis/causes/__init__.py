"""One file for each cause."""
