"""Requests made up by Schemathesis from the document of the built example."""
