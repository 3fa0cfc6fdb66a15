"""Files from strangers: what may come in, how far each kind is opened, tables read and written. Knows no rows."""
