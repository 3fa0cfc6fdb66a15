"""Users' Word templates: their tags, their little language, and the rendering in a child process."""
