"""The case types: one file each, and the list in ``registry``. A new type is one file and its name in that list."""
