"""The slice of surveys: answering without an account, codes, tables of a form service, results."""
