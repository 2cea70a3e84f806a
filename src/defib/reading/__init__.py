"""A work directory, a log or a table becomes a Run."""
