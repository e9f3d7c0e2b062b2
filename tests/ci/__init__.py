"""Tests of what runs tospec elsewhere."""
