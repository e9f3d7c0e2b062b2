"""Checks of events: producers, consumers, payloads."""
