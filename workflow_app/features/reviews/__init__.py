"""The slice of reviews: invitation, declaration, the sheet, the answer to the conclusion."""
