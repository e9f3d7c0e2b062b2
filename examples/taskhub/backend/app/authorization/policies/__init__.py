"""Rules that depend on the row."""
