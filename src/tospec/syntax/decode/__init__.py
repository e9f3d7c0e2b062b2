"""From parts to the model: one module for each kind of thing."""
