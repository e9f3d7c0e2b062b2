"""YAML text to located nodes."""

import time
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from tospec.syntax.nodes import Mapping, Node, Scalar, Sequence, describe
from tospec.syntax.yaml import LOADER, MAX_DEPTH, compose
from tospec.syntax.yaml_places import Fragment


def root(text: str) -> Mapping:
    composed = compose(Fragment("s.yaml", text))
    assert composed.diagnostics == ()
    assert isinstance(composed.root, Mapping)
    return composed.root


def scalar(node: Node | None) -> Scalar:
    assert isinstance(node, Scalar)
    return node


def problems(text: str) -> list[tuple[str, str]]:
    return [(p.code, str(p.span)) for p in compose(Fragment("s.yaml", text)).diagnostics]


def plain(node: Node | None) -> object:
    match node:
        case Mapping():
            return {key: plain(value) for key, value in node.items()}
        case Sequence():
            return [plain(item) for item in node]
        case Scalar():
            return node.value
    return None


def test_the_fast_parser_is_in_use() -> None:
    assert LOADER is yaml.CSafeLoader


def test_values_keep_order_and_kind() -> None:
    text = (
        "b: [1, -2, 0, 1.10, true, false, null, ~, x, 'true', \"7\", {k: v}]\na:\n  c: |\n    x\n"
    )
    assert plain(root(text)) == {
        "b": [1, -2, 0, Decimal("1.10"), True, False, None, None, "x", "true", "7", {"k": "v"}],
        "a": {"c": "x\n"},
    }
    assert root(text).keys() == ("b", "a")


@pytest.mark.parametrize(
    "text",
    ["no", "on", "yes", "off", "y", "12:30:45", "2026-02-31", "10s", "1.2.3", "1-2", "--", "10%",
     "${HOME}", "$(id)", "nullable", "truely", "12345678-1234", "1,2", "e1", "127.0.0.1"],
)  # fmt: skip
def test_words_that_other_readers_convert_stay_text(text: str) -> None:
    assert scalar(root(f"key: {text}\n").get("key")).value == text


@pytest.mark.parametrize(
    "text",
    ["010", "00", "1_000", "1e3", "1.5e3", "1.5E-3", "+1", ".5", "5.", "0x1F", "0o17", "0b1",
     ".inf", "-.inf", ".NaN", "True", "TRUE", "False", "Null", "NULL", "1_", "-010", "01.5"],
)  # fmt: skip
def test_words_that_readers_disagree_about_are_refused_unless_quoted(text: str) -> None:
    assert problems(f"key: {text}\n") == [("TS0130", "s.yaml:1:6")]
    assert scalar(root(f"key: '{text}'\n").get("key")).value == text


def test_numbers_keep_how_they_are_written() -> None:
    node = scalar(root("version: 1.10\n").get("version"))
    assert (node.value, node.text, node.quoted) == (Decimal("1.10"), "1.10", False)


def test_numbers_without_end_are_refused() -> None:
    for digits in ("9" * 10**6, "0." + "9" * 10**6, "-" + "9" * 61):
        assert problems(f"a: {digits}\n") == [("TS0131", "s.yaml:1:4")]
    assert scalar(root("a: " + "9" * 60).get("a")).value == int("9" * 60)


def test_a_long_word_of_digits_is_read_in_linear_time() -> None:
    started = time.process_time()
    assert problems(f"a: {'1_' * 500_000}x\n") == []
    assert time.process_time() - started < 10


def test_equal_texts_of_different_kind_are_different_keys_only_in_quotes() -> None:
    assert problems("true: a\n1: b\n") == [("TS0129", "s.yaml:1:1"), ("TS0129", "s.yaml:2:1")]
    assert root("'true': a\n'1': b\non: c\n").keys() == ("true", "1", "on")


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a: &x 1\n", "TS0124", "s.yaml:1:4"),
        ("a: *x\n", "TS0125", "s.yaml:1:4"),
        ("a: {<<: b}\n", "TS0126", "s.yaml:1:5"),
        ("a: !!python/object/apply:os.system [x]\n", "TS0127", "s.yaml:1:4"),
        ("a: !!binary aGk=\n", "TS0127", "s.yaml:1:4"),
        ("a: !include x\n", "TS0127", "s.yaml:1:4"),
        ("a: ! x\n", "TS0127", "s.yaml:1:4"),
        ("!t {a: b}\n", "TS0127", "s.yaml:1:1"),
        ("a: 1\n---\nb: 2\n", "TS0122", "s.yaml:2:1"),
        ("a: 1\n...\n---\nb: 2\n", "TS0122", "s.yaml:3:1"),
        ("%YAML 1.2\n---\na: 1\n", "TS0123", "s.yaml:1:1"),
        ("# c\n\n%FOO x\n---\na: 1\n", "TS0123", "s.yaml:3:1"),
        ("? [a]\n: b\n", "TS0129", "s.yaml:1:3"),
        ("{a: b}: c\n", "TS0129", "s.yaml:1:1"),
        ("null: c\n", "TS0129", "s.yaml:1:1"),
        ("? \n: c\n", "TS0129", "s.yaml:1:2"),
        ("1.5: c\n", "TS0129", "s.yaml:1:1"),
        ("010: c\n", "TS0130", "s.yaml:1:1"),
        ('a: "\\0"\n', "TS0134", "s.yaml:1:4"),
        ('a: "\\ud800"\n', "TS0120", "s.yaml:1:7"),
    ],
)
def test_what_the_language_leaves_out_is_refused(text: str, code: str, place: str) -> None:
    assert (code, place) in problems(text)
    assert {found for found, _ in problems(text)} <= {code, "TS0129"}


def test_what_looks_like_it_is_fine_in_quotes() -> None:
    text = "'<<': '&x'\nb: '*x'\nc: '!t'\nd: \"\\t\\n\\r\\u00e9\"\n"
    assert plain(root(text)) == {"<<": "&x", "b": "*x", "c": "!t", "d": "\t\n\ré"}
    assert root("---\na: 1\n...\n").keys() == ("a",)


def test_no_tag_runs_code(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    text = f"a: !!python/object/apply:os.system ['touch {canary}']\n"
    assert [code for code, _ in problems(text)] == ["TS0127"]
    assert not canary.exists()


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a:\n\tb: 1\n", "TS0121", "s.yaml:2:1"),
        ("a:\n  b: 1\n \tc: 2\n", "TS0121", "s.yaml:3:2"),
        ("a: b: c\n", "TS0120", "s.yaml:1:5"),
        ("a: 1\nb: 'x\nc: 2\n", "TS0120", "s.yaml:2:4"),
        ('a: 1\nb: "x\nc: 2\n', "TS0120", "s.yaml:2:4"),
        ("a: 1\nb: [x\n\n\n", "TS0120", "s.yaml:2:5"),
        ("a: {x: [1, 2}\n", "TS0120", "s.yaml:1:13"),
        ("a: @x\n", "TS0120", "s.yaml:1:4"),
        ('a: "\\q"\n', "TS0120", "s.yaml:1:5"),
        ("a: 'it's'\n", "TS0120", "s.yaml:1:8"),
        ("a: 1\n- b\n", "TS0120", "s.yaml:2:1"),
        (" a: 1\nb: 2\n", "TS0120", "s.yaml:2:1"),
        ("- a\nb: 1\n", "TS0120", "s.yaml:2:1"),
        ('a: "\\ud800"\n', "TS0120", "s.yaml:1:7"),
    ],
)
def test_a_syntax_error_is_one_error_on_its_line(text: str, code: str, place: str) -> None:
    composed = compose(Fragment("s.yaml", text))
    assert [(p.code, str(p.span)) for p in composed.diagnostics] == [(code, place)]
    assert composed.root is None
    assert composed.diagnostics[0].help


def test_a_syntax_error_is_said_alike_by_both_parsers() -> None:
    for text in (
        "a: b: c\n",
        "a:\n\tb: 1\n",
        "a: [x\n",
        "a: 'x\n",
        "a: @x\n",
        "- a\nb: 1\n",
        "a: 1\n- b",
    ):
        fast, slow = (
            compose(Fragment("s.yaml", text), loader=loader).diagnostics
            for loader in (yaml.CSafeLoader, yaml.SafeLoader)
        )
        assert [(p.code, p.span, p.message) for p in fast] == [
            (p.code, p.span, p.message) for p in slow
        ]


def test_the_pure_python_parser_gives_surrogates_which_are_refused() -> None:
    composed = compose(Fragment("s.yaml", 'a: "\\ud800"\n'), loader=yaml.SafeLoader)
    assert [p.code for p in composed.diagnostics] == ["TS0134"]


@pytest.mark.parametrize("text", ["a: 1\nb: 2\na: 3\n", "a: 1\nb: 2\n'a': 3\n"])
def test_a_duplicate_key_names_both_places(text: str) -> None:
    (found,) = compose(Fragment("s.yaml", text)).diagnostics
    assert (found.code, str(found.span), str(found.related[0][0])) == (
        "TS0128",
        "s.yaml:3:1",
        "s.yaml:1:1",
    )


def test_duplicate_keys_are_found_at_any_depth_and_the_first_is_kept() -> None:
    text = "x:\n  - y: {k: 1, l: 2, k: 3}\n  - y: {k: 1}\n"
    composed = compose(Fragment("s.yaml", text))
    assert [(p.code, str(p.span)) for p in composed.diagnostics] == [("TS0128", "s.yaml:2:21")]
    assert plain(composed.root) == {"x": [{"y": {"k": 1, "l": 2}}, {"y": {"k": 1}}]}


def test_all_errors_come_at_once_and_stop_after_fifty() -> None:
    assert len(problems("".join(f"k{n}: 010\n" for n in range(49)))) == 49
    many = problems("".join(f"k{n}: 010\n" for n in range(5000)))
    assert [code for code, _ in many] == ["TS0130"] * 50 + ["TS0135"]


@pytest.mark.parametrize(
    ("text", "column"),
    [("[" * 5_000_000, 41), ("{a: " * 1_000_000, 161), ("- " * 2_000_000, 81), ("? " * 10_000, 81)],
)
@pytest.mark.parametrize("loader", [yaml.CSafeLoader, yaml.SafeLoader])
def test_endless_nesting_is_refused_at_the_limit(text: str, column: int, loader: object) -> None:
    started = time.process_time()
    (found,) = compose(Fragment("s.yaml", text), loader=loader).diagnostics
    assert (found.code, str(found.span)) == ("TS0132", f"s.yaml:1:{column}")
    assert time.process_time() - started < 10


def test_block_nesting_is_refused_at_the_limit() -> None:
    text = "".join(" " * depth + "a:\n" for depth in range(2000))
    assert problems(text) == [("TS0132", "s.yaml:41:41")]
    nested = "".join(" " * depth + "a:\n" for depth in range(MAX_DEPTH))
    assert problems(nested) == []


def test_brackets_in_text_are_no_nesting() -> None:
    assert problems(f"a: '{'[' * 10_000}'\nb: |\n  {'{' * 10_000}\nc: x # {'[' * 1000}\n") == []


def test_bombs_are_refused_at_once() -> None:
    merges = "a: &a {x: 1}\n" + "".join(f"b{n}: {{<<: *a, <<: *a}}\n" for n in range(1200))
    aliases = "a0: &a0 [x]\n" + "".join(
        f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 34)
    )
    assert len(merges) > 24_000
    for bomb in (merges, aliases, "a: &a [*a]\n"):
        started = time.process_time()
        assert {code for code, _ in problems(bomb)} <= {"TS0124", "TS0125", "TS0126", "TS0135"}
        assert time.process_time() - started < 0.5


def test_a_block_of_too_many_values_is_refused() -> None:
    assert [code for code, _ in problems("[" + "a," * 500_000 + "]")] == ["TS0136"]
    assert problems("[" + "a," * 300_000 + "]") == []


def test_a_very_long_line_works() -> None:
    assert scalar(root(f"a: {'x' * 10**6}\nb: 1\n").get("a")).span.length == 10**6


def test_spans_count_code_points() -> None:
    mapping = root("😀é: [ü, '漢字', {k: v}]\n")
    key, items = scalar(mapping.key("😀é")), mapping.get("😀é")
    assert isinstance(items, Sequence)
    assert [(n.span.column, n.span.length) for n in (mapping, key, items, *items)] == [
        (1, 21), (1, 2), (5, 17), (6, 1), (9, 4), (15, 6)]  # fmt: skip


def test_a_span_ends_with_its_line() -> None:
    mapping = root("a:\n  b: {x: 1,\n    y: 2}   # c\n  d: 'one\n    two'\n")
    inner = mapping.get("a")
    assert isinstance(inner, Mapping)
    spans = [(n.span.line, n.span.column, n.span.length) for n in (mapping, inner)]
    assert spans == [(1, 1, 1), (2, 3, 8)]
    assert (scalar(inner.get("d")).span.line, scalar(inner.get("d")).span.length) == (4, 4)


def test_an_empty_value_stands_at_its_key() -> None:
    node = scalar(root("a:\nbcd:\n").get("bcd"))
    assert (node.value, str(node.span), node.span.length) == (None, "s.yaml:2:1", 3)


@pytest.mark.parametrize(
    ("text", "part", "place"),
    [
        ("a: x && bad\n", "bad", "s.yaml:1:9"),
        ("a: 'x && bad'\n", "bad", "s.yaml:1:10"),
        ('a: "x && bad"\n', "bad", "s.yaml:1:10"),
        ('a: "x \\x26& bad"\n', "bad", "s.yaml:1:4"),
        ("a: |\n    x &&\n      bad\n", "bad", "s.yaml:3:7"),
        ("a: >-\n    x &&\n    y\n\n    bad x\n", "bad", "s.yaml:5:5"),
        ("a: x &&\n  y bad\n", "bad", "s.yaml:2:5"),
        ('a: "x &&\n  bad"\n', "bad", "s.yaml:2:3"),
    ],
)
def test_a_part_of_a_text_has_a_place(text: str, part: str, place: str) -> None:
    node = scalar(root(text).get("a"))
    assert str(node.within(node.text.index(part), len(part))) == place


def test_a_fragment_carries_its_place_in_the_file() -> None:
    fragment = Fragment("s.md", "a: 1\nb: 010\n", first_line=10, indents=(2, 4))
    assert str(compose(fragment).diagnostics[0].span) == "s.md:11:8"


def test_nodes_are_described_in_plain_words() -> None:
    mapping = root("a: 1\nb: 1.5\nc: x\nd: true\ne:\nf: []\ng: {}\n")
    assert [describe(node) for _, node in mapping.items()] == [
        "a whole number", "a decimal number", "text", "true or false", "empty", "a list",
        "a mapping"]  # fmt: skip
    assert ("a" in mapping, "z" in mapping, mapping.get("z"), len(mapping)) == (
        True,
        False,
        None,
        7,
    )
