"""Other services as the spec describes them, to test and to look at."""
