"""Working days and terms: the Russian production calendar with the centre's own corrections, pure."""
