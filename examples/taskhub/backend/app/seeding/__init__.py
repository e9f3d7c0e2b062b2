"""Example data for a database that is empty: tenants, their people, and rows that they made."""
