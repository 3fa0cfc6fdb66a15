"""Experts to cases: conflicts of interest now, ranking and the best set in a later issue. Pure."""
