"""Recipes that are known to work."""
