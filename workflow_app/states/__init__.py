"""The pure core: the words of the field, who may do what, and the workflows as data. No Flask, no database."""
