"""Symptoms become Causes, with evidence for, against and missing."""
