"""The database: sessions, rows, migrations, blobs, the chain of events. Knows no Flask."""
