"""Files of a case: what is attached and still wanted, uploads and downloads, the look at them."""
