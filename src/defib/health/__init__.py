"""A Run becomes a Checkup: what is wrong, and what could not be looked at."""
