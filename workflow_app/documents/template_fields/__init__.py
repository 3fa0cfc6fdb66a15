"""Fields that a centre's own Word templates may name, by kind of document."""
