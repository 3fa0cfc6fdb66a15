"""Monitoring of the programme, pure: what is observed of a town, three criteria, 17 indicators, their arithmetic.

Nothing here knows a database: ``facts.monitoring`` reads what is observed, pages and reports show what is made of it.
"""
