"""Checks of the data model: fields, relations, keys, time and money."""
