"""Figures of the dashboard: what cases are counted by, tables of numbers, what may be told to whom, pictures. Pure."""
