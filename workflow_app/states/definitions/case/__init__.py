"""The workflow of a case: states, guards, conditions, forms, and its two halves."""
