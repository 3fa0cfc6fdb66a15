"""Russian words in documents: names, cases, numerals, hyphens."""
