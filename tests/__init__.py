"""Tests, one folder per ring of the design; what they share stands beside this file."""
