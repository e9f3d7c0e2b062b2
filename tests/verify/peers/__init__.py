"""Backends written by hand, in other styles, that conform to specs of the examples."""
