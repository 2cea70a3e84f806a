"""A Plan becomes a new config in the run's own format."""

from defib.rewriting.difference import changed_lines, unified
from defib.rewriting.dispatch import rewrite
from defib.rewriting.overwriting import overwrite
from defib.rewriting.proof import prove
from defib.rewriting.writing import free_name, write

__all__ = ["changed_lines", "free_name", "overwrite", "prove", "rewrite", "unified", "write"]
