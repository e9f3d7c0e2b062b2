"""What may be done to jobs."""
