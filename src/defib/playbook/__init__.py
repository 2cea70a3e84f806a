"""Causes become a Plan."""
