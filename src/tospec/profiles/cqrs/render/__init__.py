"""From the backend's parts to its files: picks names, and prepares all that templates print."""
