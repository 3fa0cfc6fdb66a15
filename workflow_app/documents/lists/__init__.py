"""Lists of a month and registers of issued documents."""
