"""Kinds of records declared, not programmed: a schema, a workflow, a list. One file a kind."""
