"""The conclusion: reviews side by side, the text, the approval, the issued documents."""
