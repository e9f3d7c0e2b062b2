"""Programs that run in a tree's own interpreter; they know nothing of tospec."""
