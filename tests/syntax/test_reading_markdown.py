"""Requirements and blocks of Markdown files."""

import time

import pytest

from tospec.source import SourceText
from tospec.syntax.nodes import Mapping
from tospec.syntax.reading import Reading, read_blocks


def reading(*texts: str, suffix: str = "md") -> Reading:
    return read_blocks(SourceText(f"{n}.{suffix}", text) for n, text in enumerate(texts, 1))


def problems(*texts: str, suffix: str = "md") -> list[tuple[str, str]]:
    return [(p.code, str(p.span)) for p in reading(*texts, suffix=suffix).diagnostics]


SPEC = """\
# Tasks

Intro.

```yaml tospec
system: Tasks
```

## REQ-012 A task *has* a title

It is **short**.

```python
print("code")
```

    more code

### Why

Because.

- a list

  ```yaml tospec
  entity: Task
  ```

### REQ-013: Nested

Its own text.

~~~~yaml tospec
entity: Nested
~~~~

## Other

```yaml tospec
entity: Other
```
```yaml
ignored: [
```
"""


def test_requirements_carry_their_text_without_code() -> None:
    first, second = reading(SPEC).requirements
    assert (first.id, first.title) == ("REQ-012", "A task *has* a title")
    assert first.prose == "It is **short**.\n\n### Why\n\nBecause.\n\n- a list"
    assert (str(first.span), first.span.length) == ("1.md:9:4", 7)
    assert (second.id, second.title, second.prose) == ("REQ-013", "Nested", "Its own text.")


def test_a_block_serves_the_requirement_above_it_in_its_section() -> None:
    found = reading(SPEC)
    assert not found.diagnostics
    served = [
        (block.root.keys()[0], block.requirement and block.requirement.id, str(block.span))
        for block in found.blocks
    ]
    assert served == [
        ("system", None, "1.md:5:1"),
        ("entity", "REQ-012", "1.md:25:3"),
        ("entity", "REQ-013", "1.md:33:1"),
        ("entity", None, "1.md:39:1"),
    ]


def test_a_block_belongs_to_the_outer_requirement_again_after_an_inner_section() -> None:
    block = "```yaml tospec\na: 1\n```\n"
    text = f"## R-1 x\n### R-2 y\n{block}### z\n{block}## w\n{block}"
    ids = [b.requirement and b.requirement.id for b in reading(text).blocks]
    assert ids == ["R-2", "R-1", None]


def test_headings_with_underlines_and_without_ids() -> None:
    text = "REQ-1 Title\n===========\ntext\n\n# REQ-2x no\n# req-3 no\n# A REQ-4 no\n# REQ-5\n"
    assert [(r.id, r.title, r.prose) for r in reading(text).requirements] == [
        ("REQ-1", "Title", "text"),
        ("REQ-5", "", ""),
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("```yaml tospec\na: 010\n```\n", "1.md:2:4"),
        ("x\n\n   ```yaml tospec\n   a: 010\n   ```\n", "1.md:4:7"),
        ("- x\n\n  ```yaml tospec\n  a: 010\n  ```\n", "1.md:4:6"),
        ("1. - ```yaml tospec\n     a:\n\n       b: 010\n     ```\n", "1.md:4:11"),
        ("> ```yaml tospec\n> a:\n>   b: 010\n> ```\n", "1.md:3:8"),
        ("  ```yaml tospec\n  a: 1\n b: 010\n  ```\n", "1.md:3:5"),
        ("```` yaml tospec \na: 010\n````\n", "1.md:2:4"),
    ],
)
def test_places_in_a_block_are_places_in_the_file(text: str, place: str) -> None:
    assert problems(text) == [("TS0130", place)]


def test_errors_of_all_blocks_and_files_come_at_once_in_order() -> None:
    text = "```yaml tospec\na: [\n```\n```yaml tospec\na: b: c\n```\n```yaml tospec\nc: 1\n```\n"
    found = reading(text, text)
    assert [str(p.span) for p in found.diagnostics] == [
        "1.md:2:4", "1.md:5:5", "2.md:2:4", "2.md:5:5"]  # fmt: skip
    assert [block.root.keys() for block in found.blocks] == [("c",), ("c",)]


@pytest.mark.parametrize(
    "text",
    ["```yaml tospec\na: 1\n", "```yaml tospec\na: 1", "```yaml tospec", "```python\nx = 1\n",
     "````yaml tospec\na: 1\n```\n", "```yaml tospec\na: 1\n~~~\n"],
)  # fmt: skip
def test_an_unclosed_fence_is_an_error(text: str) -> None:
    found = reading(text)
    assert [(p.code, str(p.span)) for p in found.diagnostics] == [("TS0115", "1.md:1:1")]
    assert not found.blocks


def test_a_fence_that_its_list_ends_is_an_error() -> None:
    assert problems("- ```yaml tospec\n  a: 1\n\nx\n") == [("TS0115", "1.md:1:3")]
    assert problems("- ```yaml tospec\n  a: 1\n  ```\n\nx\n") == []


@pytest.mark.parametrize(
    "info",
    ["yml tospec", "yaml  Tospec", "yaml  tospec", "tospec yaml", "tospec", "yaml tospec x",
     "YAML tospec", "yamltospec", "yaml-tospec", "yaml:tospec", "yaml tospecs", "yaml topsec"],
)  # fmt: skip
def test_an_info_string_that_nearly_opens_a_block_is_an_error(info: str) -> None:
    (found,) = reading(f"```{info}\na: 1\n```\n").diagnostics
    assert found.code == "TS0116"
    assert "'yaml tospec'" in found.help


@pytest.mark.parametrize("info", ["", "yaml", "yml", "python", "yaml spec", "json title=x", "bash"])
def test_other_info_strings_are_ignored(info: str) -> None:
    found = reading(f"```{info}\na: [\n```\n")
    assert (found.diagnostics, found.blocks) == ((), ())


def test_a_fence_in_indented_code_is_an_error() -> None:
    assert problems("x\n\n    ```yaml tospec\n    a: 1\n    ```\n") == [("TS0117", "1.md:3:1")]
    assert problems("x\n\n    ```yaml\n    a: 1\n    ```\n") == []


def test_a_fence_shown_in_a_longer_fence_or_a_comment_is_no_block() -> None:
    assert not reading("````\n```yaml tospec\na: 1\n```\n````\n").blocks
    assert not reading("<!--\n```yaml tospec\na: 1\n```\n-->\n").blocks


def test_a_block_indented_by_tabs_is_an_error_on_its_line() -> None:
    found = reading("- x\n\n  ```yaml tospec\n  a: 1\n\tb: 2\n  ```\n").diagnostics
    assert [(p.code, p.span.line if p.span else 0) for p in found] == [("TS0121", 5)]


def test_a_duplicate_requirement_names_both_places() -> None:
    (found,) = reading("# R-1 x\n# R-2\n", "# R-3\n# R-1 y\n").diagnostics
    assert (found.code, str(found.span), str(found.related[0][0])) == (
        "TS0118",
        "2.md:2:3",
        "1.md:1:3",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "empty"), ("# c\n", "empty"), ("null\n", "empty"), ("- a\n", "a list"),
     ("word\n", "text"), ("12\n", "a whole number"), ("''\n", "text")],
)  # fmt: skip
@pytest.mark.parametrize("suffix", ["md", "yaml"])
def test_a_block_must_be_a_mapping(text: str, said: str, suffix: str) -> None:
    whole = f"```yaml tospec\n{text}```\n" if suffix == "md" else text
    (found,) = reading(whole, suffix=suffix).diagnostics
    assert (found.code, said in found.message) == ("TS0133", True)


def test_a_yaml_file_is_one_block() -> None:
    (block,) = reading("requirements: [R-1]\nentity: Task\n", suffix="yml").blocks
    assert isinstance(block.root, Mapping)
    assert (block.requirement, str(block.span)) == (None, "1.yml:1:1")


def test_prose_nested_too_deeply_is_reported_since_blocks_below_it_go_unseen() -> None:
    block = "```yaml tospec\na: 1\n```\n"
    deep = "".join("  " * depth + "- a\n" for depth in range(40))
    assert [code for code, _ in problems(deep + block)] == ["TS0119"]
    shallow = "".join("  " * depth + "- a\n" for depth in range(15))
    assert len(reading(f"{shallow}\n{block}").blocks) == 1


def test_a_file_of_endless_parts_is_refused() -> None:
    started = time.process_time()
    assert [code for code, _ in problems("- a\n" * 1_000_000)] == ["TS0119"]
    assert time.process_time() - started < 20


def test_a_large_spec_is_read_quickly() -> None:
    fields = "".join(f"  field_{n}: {{type: string, length: [1, {n + 1}]}}\n" for n in range(12))
    text = "".join(
        f"## REQ-{n:04} Entity\n\nText.\n\n```yaml tospec\nentity: E{n}\nfields:\n{fields}```\n\n"
        for n in range(1000)
    )
    assert len(text) > 550_000
    started = time.process_time()
    found = reading(text)
    assert time.process_time() - started < 10
    assert (len(found.blocks), len(found.requirements), found.diagnostics) == (1000, 1000, ())
