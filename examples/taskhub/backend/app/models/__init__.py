"""Tables and the immutable values their rows become."""
