"""What may never go wrong, row by row: every id of the catalogue is a test of that name, with its number of cases.

`rows.py` is the table, `recording.py` counts what ran; `make catalogue` runs all of it and writes docs/catalogue.md.
"""
