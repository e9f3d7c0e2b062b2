"""Quality gates on a tree: fail-closed, each with evidence and a canary."""
