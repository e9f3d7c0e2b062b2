"""What may be asked about webhooks and deliveries."""
