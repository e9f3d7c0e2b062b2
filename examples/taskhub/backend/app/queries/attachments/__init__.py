"""What may be asked about attachments."""
