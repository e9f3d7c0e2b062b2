"""Example texts of patterns: they match, near misses do not, and runs have room."""

import re

import pytest

from tospec.lowering.cases.patterns import matching, missing, run

ANY = (0, 255)
PATTERNS = [
    "[A-Z]{2,6}",
    "#[0-9A-F]{6}",
    r"\d{3}-\d{4}",
    "(foo|bar)+",
    "[^a]",
    "a?b*",
    "INV-[0-9]+",
    r"[a-z]+(-[a-z]+)*",
    r"\w+@\w+\.(com|org)",
    "a{3}|b{2}",
    r"[\d.]{1,5}",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_examples_match_and_differ(pattern: str) -> None:
    texts = matching(pattern, ANY)

    assert 1 <= len(texts) <= 2
    assert len(set(texts)) == len(texts)
    assert all(re.fullmatch(pattern, text) for text in texts)
    assert matching(pattern, ANY) == texts


@pytest.mark.parametrize("pattern", PATTERNS)
def test_near_misses_do_not_match(pattern: str) -> None:
    text = missing(pattern, ANY)

    assert text is not None
    assert re.fullmatch(pattern, text) is None


def test_length_narrows_examples() -> None:
    assert all(4 <= len(text) <= 5 for text in matching("[a-z]+", (4, 5)))
    assert matching("[a-z]{2}", (5, 9)) == ()
    assert matching("[a-z]{2}", (2, 9)) != ()


@pytest.mark.parametrize(
    ("pattern", "before", "length"),
    [("[A-Z]{2,6}", "", 6), ("INV-[0-9]+", "INV-", 12), ("#[0-9A-F]{6}", "#", 6)],
)
def test_the_part_that_may_differ(pattern: str, before: str, length: int) -> None:
    found = run(pattern, ANY)

    assert found is not None
    assert (found.before, found.length) == (before, length)
    assert re.fullmatch(pattern, found.before + found.alphabet[-1] * found.length + found.after)


@pytest.mark.parametrize("pattern", ["(foo|bar)", "[ab]", "yes|no"])
def test_patterns_with_few_texts_have_no_such_part(pattern: str) -> None:
    assert run(pattern, ANY) is None
    assert matching(pattern, ANY) != ()
