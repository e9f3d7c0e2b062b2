"""What a backend consists of, whatever its profile: frozen values, no text of files."""
