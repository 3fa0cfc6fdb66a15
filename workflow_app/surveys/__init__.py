"""Surveys, pure: what is asked, how an answer is taken, how answers are mixed and counted. Knows neither people nor rows."""
