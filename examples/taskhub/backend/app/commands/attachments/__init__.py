"""What may be done to attachments."""
