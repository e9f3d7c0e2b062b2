"""Texts that have broken code generators."""

from typing import Final

from hypothesis import strategies as st

HOSTILE: Final = (
    '"""',
    "'''",
    '""""',
    '"',
    'ends with "',
    'ends with \\"',
    '"""; import os; """',
    "\\",
    "trailing \\",
    'a\n    import os;os.system("touch CANARY")\n',
    "{__import__('os').system('touch CANARY')}",
    "${HOME} $(id)",
    "{{ 7 * 7 }}",
    "{% for x in y %}",
    "{# comment #}",
    "%(x)s %d %%",
    "'); DROP TABLE x;--",
    "$$",
    "*/ --> </script>",
    "line\u2028separator\u2029paragraph",
    "\\N{BULLET} \\u000a \\x00",
    "# type: ignore",
    "type: ignore",
    "noqa",
    "# noqa: F401",
    "coding: utf-7",
    "-*- coding: latin-1 -*-",
    "#!/bin/sh",
    "!/bin/sh",
    "fmt: off",
    "\x1b[31mred\x1b[0m",
    "form\x0cfeed",
    "next\x85line",
    "trailing spaces   ",
    "windows\r\nline ends\r",
    "tab\there",
    "\u202eright to left",
    "zero\u200bwidth",
    "ﬁ ligature \U0001f600 ö",
    "nul\x00byte",
    "- list\n1. list\n> quote\n# head\n| a |\n```\ncode\n```",
    "long " * 60 + '"',
    "x" * 200,
    "",
    " ",
    "\n\n",
    "no",
    "010",
    "=cmd|' /C calc'!A0",
)

_PARTS: Final = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30))


def hostile_texts() -> st.SearchStrategy[str]:
    """Return texts put together from hostile pieces and arbitrary characters."""
    whole = st.lists(_PARTS, min_size=1, max_size=4).map("".join)
    return whole.filter(lambda text: not any(0xD800 <= ord(c) <= 0xDFFF for c in text))
