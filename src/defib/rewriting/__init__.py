"""A Plan becomes a new config in the run's own format."""
