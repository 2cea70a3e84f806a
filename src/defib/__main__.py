"""`python -m defib`."""

from defib.cli import main

main()
