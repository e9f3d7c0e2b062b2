"""How the database finds rows when there are many."""
