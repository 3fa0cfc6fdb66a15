"""The kinds of documents: one file each, what they share, and the registry."""
