"""HTTP: translation between requests, messages and responses."""
