"""Checks of roles, permissions and policies."""
