"""A system whose rows the tests of expressions look at."""
