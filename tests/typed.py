"""A command as a person types it, in this process."""

import pytest

from defib.cli import main


def typed(*words):
    """Its exit code."""
    with pytest.raises(SystemExit) as left:
        main([str(word) for word in words])
    return left.value.code or 0
