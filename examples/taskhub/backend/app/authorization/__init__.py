"""Who may do what, and the dispatcher that asks."""
