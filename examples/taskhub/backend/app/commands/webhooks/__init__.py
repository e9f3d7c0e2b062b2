"""What may be done to webhooks and deliveries."""
