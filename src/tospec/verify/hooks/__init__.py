"""Receiving what a target delivers to webhooks."""
