"""The workflows as data: one module each, and their forms."""
