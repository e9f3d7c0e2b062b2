"""Checks of webhooks."""
