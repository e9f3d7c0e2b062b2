"""Forms of texts that do not depend on a language."""

import re
import unicodedata
from typing import Final

_UPPER: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LOWER: Final = str.maketrans(_UPPER, _UPPER.lower())
_NO_WORD: Final = re.compile(r"[^a-z0-9]+")


def lower_ascii(text: str) -> str:
    """Return `text` with A to Z in lower case, and all else as it is."""
    return text.translate(_LOWER)


def slug(text: str) -> str:
    """Return `text` as words of a to z and 0 to 9 joined by `-`; empty if it has none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _NO_WORD.sub("-", plain.lower()).strip("-")
