"""Data access; the only modules that build statements on tenant tables."""
