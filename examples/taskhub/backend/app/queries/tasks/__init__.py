"""What may be asked about tasks."""
