"""What may be asked about projects."""
