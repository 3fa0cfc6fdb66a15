"""Drafts: opening a case, its form by steps, the checklist, what came back."""
