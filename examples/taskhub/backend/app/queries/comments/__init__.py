"""What may be asked about comments."""
