"""Workflows as pictures, tables and words."""
