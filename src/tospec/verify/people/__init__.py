"""The people: where their credentials come from."""
