"""What the wire and security kinds share: routes, expectations, problem documents, accounts."""
