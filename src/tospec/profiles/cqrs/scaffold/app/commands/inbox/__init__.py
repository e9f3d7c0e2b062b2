"""Commands of other services."""
