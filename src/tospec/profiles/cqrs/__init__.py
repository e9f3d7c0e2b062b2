"""Commands and queries in layers, multi-tenant: API, command or query, service, repository."""
