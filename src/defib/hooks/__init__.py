"""Inside the training process: what a log cannot show, measured where it happens, and acted on where that is asked for.

Every file here keeps to the standard library, torch and at most one framework, and to what Python 3.8 understands:
`defib hook FRAMEWORK` writes it together as one file for environments in which defib cannot be installed.
"""
