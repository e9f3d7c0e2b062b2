"""Profiles: how backends are laid out, one folder each."""
