"""Bytes that are no text of a spec."""

import pytest

from tospec.source import SourceText
from tospec.syntax.read_text import source_of
from tospec.syntax.reading import read_blocks


@pytest.mark.parametrize(
    ("data", "code", "place", "said"),
    [
        ("a: b\n".encode("utf-16"), "TS0107", "x.md:1:1", "UTF-16"),
        ("a: b\n".encode("utf-32"), "TS0107", "x.md:1:1", "UTF-32"),
        (b"\xef\xbb\xbfa: b\n", "TS0107", "x.md:1:1", "byte order mark"),
        ("é\nab".encode() + b"\xff", "TS0107", "x.md:2:3", "byte 5"),
        (b"a\n\xed\xa0\x80", "TS0107", "x.md:2:1", "byte 2"),
        ("é\r\nb\0".encode(), "TS0108", "x.md:2:2", "U+0000"),
        ("é\r\nb\0".encode(), "TS0108", "x.md:2:2", "byte 5"),
        (b"\x1b[31m", "TS0108", "x.md:1:1", "U+001B"),
        (b"a\x7f", "TS0108", "x.md:1:2", "U+007F"),
        ("a\u0085".encode(), "TS0108", "x.md:1:2", "U+0085"),
        ("a\u2028b".encode(), "TS0108", "x.md:1:2", "U+2028"),
        ("a\u202eb".encode(), "TS0108", "x.md:1:2", "U+202E"),
        ("a\ufeffb".encode(), "TS0108", "x.md:1:2", "U+FEFF"),
    ],
)
def test_bytes_that_are_no_plain_text(data: bytes, code: str, place: str, said: str) -> None:
    source, problems = source_of("x.md", data)
    assert source is None
    assert problems[0].code == code
    assert str(problems[0].span) == place
    assert said in problems[0].message


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        ("tab\tü 漢 😀 \u200f\xa0".encode(), "tab\tü 漢 😀 \u200f\xa0"),
        (b"a\r\nb\rc\n", "a\nb\nc\n"),
    ],
)
def test_plain_text_is_taken(data: bytes, text: str) -> None:
    assert source_of("x.md", data) == (SourceText("x.md", text), ())


def test_texts_from_memory_are_checked_too() -> None:
    for bad in ("a: \ud800\n", "a: \0\n", "a: b\r\n"):
        assert [p.code for p in read_blocks([SourceText("x.yaml", bad)]).diagnostics] == ["TS0108"]
    assert not read_blocks([SourceText("x.yaml", "a: b\n")]).diagnostics
