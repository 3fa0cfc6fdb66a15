"""The slice of issued papers: their verification, signatures and PDF, Word templates, long work in the background."""
