"""The kit of all slices: the page, forms made of sheets, the session, errors, the frame. Slices stand on it."""
