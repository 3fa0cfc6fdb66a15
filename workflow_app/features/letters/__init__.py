"""Letters that leave: what was sent to whom, what waits, what failed and why; the centre's own texts of them."""
