"""The slice of the centre: requisites, settings, calendar, organisations, criteria sheets, workflow pages."""
