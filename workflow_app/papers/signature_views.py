"""Pages of signatures and of the PDF."""
