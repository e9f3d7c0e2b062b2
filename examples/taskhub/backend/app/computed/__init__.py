"""Values that are derived from rows whenever they are read, as SQL."""
