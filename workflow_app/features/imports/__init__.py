"""The slice of imports: people, organisations and cases on behalf, several at once, from the rows of a table."""
