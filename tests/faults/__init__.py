"""Faults that are done to processes of the built example, and what has become of its work then."""
