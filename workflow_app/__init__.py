"""Expertise workflow for education: cases, their states, experts' reviews and issued documents.

This package file stays empty of code, so that importing the pure core (``states``, ``case_types``, ``documents``,
``calendar``) never loads Flask or the database.
"""
