"""One act with many subjects: chosen, looked at row by row, asked once, done in the background, each by itself through the gate."""
