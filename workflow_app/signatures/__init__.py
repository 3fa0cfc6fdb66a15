"""Signatures on files: the organisation's seal, and signatures made outside. Knows no rows."""
