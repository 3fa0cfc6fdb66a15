"""Pages of long work: what runs, how far it is, what came of each item, the archive."""
