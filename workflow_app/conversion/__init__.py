"""Other forms of a file, by programs outside: DOCX into PDF/A by LibreOffice. Knows no rows."""
