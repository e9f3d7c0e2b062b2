"""Tests of what tospec says about a machine."""
