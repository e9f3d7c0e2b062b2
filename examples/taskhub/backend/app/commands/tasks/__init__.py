"""What may be done to tasks."""
