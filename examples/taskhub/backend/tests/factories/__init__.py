"""How tests make rows, each with all that it needs."""
