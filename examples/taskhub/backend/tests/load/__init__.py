"""How fast the service answers when a tenant has many rows and many people are at work."""
