"""The slice of issued documents: their verification, signatures and PDF, Word templates, long work in the background."""
