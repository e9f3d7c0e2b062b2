"""Delivery of events to webhooks: what workers do beside jobs."""
