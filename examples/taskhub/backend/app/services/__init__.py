"""Business rules; no HTTP, no commit."""
