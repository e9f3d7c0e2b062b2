"""Stubs of the services that a target asks."""
