"""E-mail addresses as keys."""

import unicodedata


def email_key(email: str) -> str:
    """Return the form under which `email` is one account, however it is written."""
    return unicodedata.normalize("NFKC", email).casefold()
