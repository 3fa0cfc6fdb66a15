"""The slice of the programme: plan, indicators, readiness, reports."""
