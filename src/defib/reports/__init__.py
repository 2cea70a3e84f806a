"""Records become text for people."""
