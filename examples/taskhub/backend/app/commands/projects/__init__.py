"""What may be done to projects."""
