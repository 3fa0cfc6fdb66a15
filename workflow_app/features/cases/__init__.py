"""The slice of cases: from a draft to the archive. Effects, queries, pages."""
