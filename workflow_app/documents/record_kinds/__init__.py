"""The documents that acts on records issue: one file each, what it says and how, and the registry (ADR 28)."""
