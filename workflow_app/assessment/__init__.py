"""Assessment, pure: criteria sheets, what one expert marks, scores, where experts differ, and the outcome."""
