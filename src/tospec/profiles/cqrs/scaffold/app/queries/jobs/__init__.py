"""What may be asked about jobs."""
