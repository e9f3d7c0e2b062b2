"""Bringing the situation of a budget about, and measuring in it."""
