"""Checks of operation: settings, databases, health, audit."""
