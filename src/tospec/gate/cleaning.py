"""Text from a tree, made safe to store and to print."""

from typing import Final

LONGEST: Final = 500


def cleaned(text: str) -> str:
    """Return a text on one line, without what a terminal or an encoder trips over, and bounded."""
    line = "".join(c if c.isprintable() else " " for c in text)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
