"""Facts that happened, and the outbox that keeps them."""
