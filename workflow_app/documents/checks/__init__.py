"""Checks of Word files: page, type, structure, requisites."""
