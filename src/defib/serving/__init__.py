"""The watched runs in a browser: the report page of each, fresh whenever a look has seen something new."""
