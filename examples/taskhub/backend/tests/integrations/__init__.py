"""Tests of how other services are asked."""
