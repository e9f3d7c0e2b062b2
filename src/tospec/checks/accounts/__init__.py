"""Checks of accounts: sign-in, tokens, passwords, invitations."""
