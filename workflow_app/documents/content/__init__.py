"""What documents are composed from: frozen values, read once; no rows, no look-ups."""
