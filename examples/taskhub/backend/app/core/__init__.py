"""Foundations that know neither HTTP nor the database."""
