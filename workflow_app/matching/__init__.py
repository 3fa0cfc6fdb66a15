"""Experts to cases: conflicts of interest, how well somebody suits, nearness of subjects and texts, the best assignment. Pure."""
