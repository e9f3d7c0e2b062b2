"""Checks of lifecycles: states, transitions, guards."""
