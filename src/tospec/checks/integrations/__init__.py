"""Checks of other services: how long, how often, and what happens while they are away."""
