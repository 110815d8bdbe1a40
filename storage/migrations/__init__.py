"""One linear history of the database, run at start after a copy of the file was made."""
