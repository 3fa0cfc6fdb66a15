"""The features: each has its effects, queries and pages; none knows another."""
