"""Faults that are done to the built example and what it needs, and what has become of its work."""
