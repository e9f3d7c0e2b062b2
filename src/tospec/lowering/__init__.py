"""From what a spec says to what its backend consists of."""
