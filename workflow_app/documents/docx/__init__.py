"""Blocks and the Word file that is made of them."""
