"""What the built example promises over HTTP, row by row, and what proves each of them."""
