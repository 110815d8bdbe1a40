"""The quality of digests, measured on the development data with its own scorer."""
