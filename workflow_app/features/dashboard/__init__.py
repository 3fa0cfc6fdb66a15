"""The slice of the dashboard: what the centre's cases come to, in numbers that lead to their rows."""
