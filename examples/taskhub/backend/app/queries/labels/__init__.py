"""What may be asked about labels."""
