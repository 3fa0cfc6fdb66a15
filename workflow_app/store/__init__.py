"""Rows and files: the database, the blobs, the chain of events, the facts and their SQL twin. Knows no Flask."""
