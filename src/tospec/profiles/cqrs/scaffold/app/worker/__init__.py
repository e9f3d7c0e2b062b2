"""Background work: what jobs are, when they run, and what runs them."""
