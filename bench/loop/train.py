"""`defib train` with a fault in it: `python -m bench.loop.train FAULT RECIPE [key=value ...]`.

With `--home DIR` it is a restart of the run `DIR/alone`, and gets the epochs that are left of what every arm may spend.
"""
