"""Confirming the forms of names."""
