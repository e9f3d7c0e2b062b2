"""Business rules, as conditions on stored rows."""
