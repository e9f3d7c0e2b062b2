"""Access to the database: engine, types, faults, row-level security."""
