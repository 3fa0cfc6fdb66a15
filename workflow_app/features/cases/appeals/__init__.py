"""Appeals: the panel, its votes, the decision."""
