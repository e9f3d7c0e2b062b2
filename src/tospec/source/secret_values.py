"""Telling secrets from placeholders, names and words."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

_PROVIDERS: Final = re.compile(
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|\b(?:sk|rk)_live_[0-9A-Za-z]{16,}"
    r"|\bgh[pousr]_[0-9A-Za-z]{36}\b|\bgithub_pat_[0-9A-Za-z_]{40,}"
    r"|\bglpat-[0-9A-Za-z_-]{20}\b"
    r"|\bxox[abprs]-[0-9A-Za-z-]{20,}"
    r"|\bAIza[0-9A-Za-z_-]{35}\b"
    r"|\bSG\.[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]{16,}"
    r"|\bsk-(?:proj-|ant-)?[0-9A-Za-z_-]{32,}"
    r"|(?<![0-9A-Za-z_.-])eyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{20,}"
    r"|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----(?:\\n|\s)*[0-9A-Za-z+/=]{16,}"
)
_URL: Final = re.compile(
    r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,20}://"
    r"[^\s:/@'\"]{0,200}:(?P<password>[^\s/@'\"]{1,200})@[^\s@]{1,200}"
)
_SHOWN: Final = re.compile(r"EXAMPLE|XXXX|x{6}|\.\.\.")
"""What stands in keys that are shown as examples."""
_PLACEHOLDER: Final = re.compile(
    r"chang|example|placeholder|dummy|sample|replace|insert|your|secret|passw|foobar|"
    r"test|fake|mock|default|xxx|\*\*\*|\.\.\.|[<>{}$%\[\]()]|123456|abcdef|todo|none|null",
    re.IGNORECASE,
)
_WORDS: Final = frozenset({"pass", "pwd", "pw", "user", "root", "token", "key", "admin"})
_NAME_LIKE: Final = re.compile(
    r"[a-z]+\d{0,2}(?:[-_.:/][a-z]*\d{0,2}[a-z]{0,2})*|[A-Z]+\d{0,2}(?:[-_.:/][A-Z]*\d{0,2})*|https?:.*"
)
_SHORTEST: Final = 12
_LEAST_ENTROPY: Final = 3.0


def is_key_of_provider(text: str) -> bool:
    """Return whether a text holds a key or token of a well-known form."""
    return next(_keys(text), None) is not None


def is_url_with_password(text: str) -> bool:
    """Return whether a text holds a URL whose password is no placeholder."""
    return next(_passwords(text), None) is not None


def secrets_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Return where a text holds keys, tokens and passwords in URLs: start, end, and what it is.

    Nothing is taken for a secret because it looks random: hashes and ids are none.
    """
    yield from ((*each.span(), "a key or token of a known form") for each in _keys(text))
    yield from ((*each.span("password"), "a password in a URL") for each in _passwords(text))


def _keys(text: str) -> Iterator[re.Match[str]]:
    found = _PROVIDERS.finditer(text)
    return (each for each in found if not _SHOWN.search(each.group()))


def _passwords(text: str) -> Iterator[re.Match[str]]:
    for found in _URL.finditer(text):
        password = found.group("password")
        if password.lower() not in _WORDS and not _PLACEHOLDER.search(password):
            yield found


def looks_random(text: str) -> bool:
    """Return whether a text looks made by chance: no words, no name, no placeholder."""
    if len(text) < _SHORTEST or any(c.isspace() for c in text):
        return False
    if _PLACEHOLDER.search(text) or _NAME_LIKE.fullmatch(text):
        return False
    has_digit, has_letter = re.search(r"\d", text), re.search(r"[A-Za-z]", text)
    return bool(has_digit and has_letter) and _entropy(text) >= _LEAST_ENTROPY


def _entropy(text: str) -> float:
    """Return the bits for each character."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())
