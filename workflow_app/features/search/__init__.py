"""The search of the header: one page over everything that its reader may read (ADR 26)."""
