"""What may be done to labels."""
