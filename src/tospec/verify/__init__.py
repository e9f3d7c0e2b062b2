"""The verifier: judges a running system over HTTP, from the model of its spec alone."""
