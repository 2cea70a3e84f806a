"""Runs that are still being written: looked at again whenever their files have changed.

There is no second logic here. A look is a diagnosis of what has been logged so far; what is added is when to look, what
was known before a log was cut off, and whether the signs that a plan names have shown.
"""
