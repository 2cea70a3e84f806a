"""What defib claims, measured. Nothing here is part of the package or of the tests."""
