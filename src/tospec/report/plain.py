"""Text from elsewhere, made fit for files that programs read."""


def plain(text: str) -> str:
    """Return a text without half characters and controls, apart from tabs and line ends."""
    return "".join(c for c in text if c in "\t\n" or _is_fit(c))


def line(text: str) -> str:
    """Return a text as one line, without control characters."""
    return " ".join(plain(text.replace("\r", "\n")).split())


def _is_fit(character: str) -> bool:
    code = ord(character)
    is_control = code < 0x20 or 0x7F <= code < 0xA0
    is_half = 0xD800 <= code < 0xE000 or code & 0xFFFE == 0xFFFE
    turns_text = (
        code in {0x061C, 0x200E, 0x200F} or 0x202A <= code < 0x202F or 0x2066 <= code < 0x206A
    )
    return not (is_control or is_half or turns_text)
