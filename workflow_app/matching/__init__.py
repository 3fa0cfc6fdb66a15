"""Experts to cases: conflicts of interest, distance of subjects, the best assignment of many at once. Pure."""
