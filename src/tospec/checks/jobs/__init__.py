"""Checks of background work: what fails, what is missed, and what never ends."""
