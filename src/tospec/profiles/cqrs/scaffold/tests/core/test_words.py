"""The words of texts, and of what is searched for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.words import LONGEST_WORD, least_words, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Fix the bug, FIX it!", {"fix", "the", "bug", "it"}),
        ("a-b_c.d:e*f\"g'h(i)", set("abcdefghi")),
        ("Ärger ÉTÉ e\u0301te\u0301 Straße İstanbul", {"arger", "ete", "strasse", "istanbul"}),
        ("42 x86 Ⅳ ½", {"42", "x86", "iv", "1", "2"}),
        ("日本語 テスト", set("日本語テスト")),
        ("שָׁלוֹם 👩‍👩‍👧 مرحبا", {"שלום", "مرحبا"}),
        ("a" * 70, {"a" * LONGEST_WORD}),
        ("NEAR(a b) OR NOT %", {"near", "a", "b", "or", "not"}),
        ("👍 !? %_ \u200f", set()),
        ("", set()),
        (None, set()),
    ],
)
def test_letters_and_digits_make_words(text: str | None, words: set[str]) -> None:
    assert words_of(text) == words


def test_words_of_several_texts_are_one_set() -> None:
    assert words_of("one two", None, "two three") == {"one", "two", "three"}


@given(st.text())
def test_words_stay_what_they_are(text: str) -> None:
    words = words_of(text)

    assert words_of(" ".join(words)) == words
    assert all(0 < len(word) <= LONGEST_WORD for word in words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("b bug bugs be bed be", ["bugs", "bed"]),
        ("bug BUG", ["bug"]),
        ("a b", ["b", "a"]),
        ("!", []),
    ],
)
def test_a_word_that_another_begins_with_is_asked_for_by_that(text: str, words: list[str]) -> None:
    assert least_words(text) == words


@given(st.text("ab "), st.text("ab "))
def test_the_least_words_ask_for_all(text: str, sought: str) -> None:
    def found(words: object) -> bool:
        return all(any(w.startswith(each) for w in words_of(text)) for each in words)  # type: ignore[attr-defined]  # both are sets of texts

    assert found(least_words(sought)) == found(words_of(sought))
