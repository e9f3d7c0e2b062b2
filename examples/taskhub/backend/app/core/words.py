"""What texts are searched by: their words, in a form that case and accents do not change."""

import re
import unicodedata
from typing import Final

LONGEST_WORD: Final = 64
"""How many characters of a word count."""

# Scripts that put no spaces between words: kana and Chinese characters.
_UNSPACED: Final = "\u3041-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
_WORD: Final = re.compile(rf"(?![\W_])[{_UNSPACED}]|[^\W_{_UNSPACED}]+")


def words_of(*texts: str | None) -> frozenset[str]:
    """Return the words of `texts`.

    Letters and digits make words, and whatever else there is separates them. A Chinese
    character, and one of kana, is a word of its own. Only the first 64 characters of a word count.
    """
    found = (word for text in texts if text for word in _WORD.findall(_plain(text)))
    return frozenset(word[:LONGEST_WORD] for word in found)


def least_words(text: str) -> list[str]:
    """Return the words of `text` that no other of its words begins with, the longest first."""
    kept: list[str] = []
    # In reverse, whatever begins with a word comes right before it.
    for word in sorted(words_of(text), reverse=True):
        if not (kept and kept[-1].startswith(word)):
            kept.append(word)
    return sorted(kept, key=len, reverse=True)


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in folded if not unicodedata.category(sign).startswith("M"))
