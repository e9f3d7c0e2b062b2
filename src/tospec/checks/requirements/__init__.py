"""Checks of requirements, scenarios, decisions and conventions."""
