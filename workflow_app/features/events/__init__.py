"""The slice of events: what is copied of them, their file for calendars, the door, open registration."""
