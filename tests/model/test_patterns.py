"""Patterns that are accepted mean the same to every engine that meets them."""

import re
from typing import Annotated

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import StringConstraints, TypeAdapter, ValidationError

from tospec.model.pattern_matching import matches
from tospec.model.patterns import PatternError, parse_pattern, pattern_problem

ATOMS = st.sampled_from(
    ["a", "b", "A", "7", "-", "_", ".", "\\.", "\\d", "\\w", "\\s", "[a-c]", "[^a]", "[\\d_-]", "é"]
)
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{2,}", "*?"])).map(
            lambda pair: f"({pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=6,
)
TEXTS = st.text(alphabet="abcA7-_. é\n", max_size=8)


@settings(max_examples=400)
@given(pattern=PATTERNS, text=TEXTS)
def test_agrees_with_python(pattern: str, text: str) -> None:
    assert matches(pattern, text) == bool(re.fullmatch(pattern, text))


@settings(max_examples=200)
@given(pattern=PATTERNS, text=TEXTS)
def test_agrees_with_the_validator_of_backends(pattern: str, text: str) -> None:
    assert matches(pattern, text) == accepted(pattern, text)


@settings(max_examples=300)
@given(pattern=st.text(alphabet="ab()[]{}|*+?\\^$.-,:=!<>&~#1d", max_size=12))
def test_what_is_accepted_is_a_pattern_to_python_and_to_the_validator(pattern: str) -> None:
    if pattern_problem(pattern) is None:
        re.compile(pattern)
        accepted(pattern, "a")


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|a)*b", "(a?){50}a{50}", "((a*)*)*b"])
def test_no_pattern_takes_long(pattern: str) -> None:
    assert not matches(pattern, "a" * 45 + "c")


@pytest.mark.parametrize("pattern", ["\\w{200}", "[a-z]{1000}", "(.{100}){100}"])
def test_the_largest_patterns_fit_the_validator(pattern: str) -> None:
    parse_pattern(pattern)
    accepted(pattern, "a")


@pytest.mark.parametrize("pattern", ["\\w{201}", "(.{100}){101}", "(" * 30 + ")" * 30])
def test_larger_patterns_are_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        parse_pattern(pattern)


def accepted(pattern: str, text: str) -> bool:
    adapter = TypeAdapter(Annotated[str, StringConstraints(pattern=f"^(?:{pattern})$")])
    try:
        adapter.validate_python(text)
    except ValidationError:
        return False
    return True
