"""What a script asks as one types a name: the same question that checks the form (ADR 30)."""
