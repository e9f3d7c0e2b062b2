"""The wire: how requests reach the target and answers come back, whatever the target does."""
