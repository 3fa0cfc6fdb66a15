"""What rules may know, read from rows: subjects, visibility, work list, deadlines, candidates, choices."""
