"""The pages of every content type: list, card, new, each act, exports. Nothing here knows a kind by name."""
