"""Cryptography: signatures, tokens, passwords."""
