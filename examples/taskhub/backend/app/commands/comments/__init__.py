"""What may be done to comments."""
