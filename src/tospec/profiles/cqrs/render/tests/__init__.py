"""The tests of a backend of this profile."""
