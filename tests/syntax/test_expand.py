"""An expanded spec says the same as the spec, and more plainly."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.syntax.mutations import ROOT, sources_of
from tospec.model import System
from tospec.source import SourceText
from tospec.syntax import expand, expand_texts, read_texts
from tospec.syntax.describing import described
from tospec.syntax.nodes import Mapping
from tospec.syntax.reading import read_blocks
from tospec.syntax.writing import data_of, yaml_text

EXAMPLE = ROOT / "examples" / "taskhub"
BASE = Path(__file__).parent / "base.md"


@pytest.mark.parametrize("path", [EXAMPLE, BASE], ids=lambda path: path.name)
def test_expanding_twice_changes_nothing(path: Path) -> None:
    once, _ = expand_texts(sources_of(path))
    assert once is not None

    twice, _ = expand_texts([SourceText("expanded.md", once)])

    assert twice == once


@pytest.mark.parametrize("path", [EXAMPLE, BASE], ids=lambda path: path.name)
def test_an_expanded_spec_means_the_same(path: Path) -> None:
    text, reading = expand_texts(sources_of(path))
    assert text is not None
    assert reading.system is not None

    again = read_texts([SourceText("expanded.md", text)]).system

    assert again is not None
    assert placeless(again) == placeless(reading.system)


def placeless(system: System) -> str:
    """Return all that a system holds but places."""

    def without(data: object) -> object:
        if isinstance(data, dict):
            return {key: without(value) for key, value in data.items() if key != "span"}
        return [without(item) for item in data] if isinstance(data, list) else data

    return json.dumps(without(described(system)), default=str)


def test_what_sugar_and_conventions_add_is_shown_with_its_origin() -> None:
    text, _ = expand_texts(sources_of(EXAMPLE))
    assert text is not None

    assert "| StartTask | `POST /v1/tasks/{task}/start` | task:update | update |" in text
    assert "| Task.created_at | timestamp | now | data-1 |" in text
    assert "| SignUp | `POST /v1/auth/sign-up` | public |" in text
    assert (
        "| LabelView | Label | id, name, color, created_at, updated_at, version | rest-1 |" in text
    )


def test_values_that_a_convention_gives_are_shown() -> None:
    text, _ = expand_texts(sources_of(BASE))
    assert text is not None

    assert "| auth.access_token | 15m | accounts-1 |" in text
    assert "| Folder.list.default_sort | -created_at | rest-1 |" in text
    assert (
        "| a move that a lifecycle does not have | 409 INVALID_TRANSITION | lifecycle-1 |" in text
    )


def test_json_holds_the_whole_model() -> None:
    text, reading = expand_texts(sources_of(EXAMPLE), "json")
    assert text is not None
    assert reading.system is not None

    data = json.loads(text)

    assert data["name"] == "taskhub"
    assert [one["name"] for one in data["operations"]] == [
        operation.name for operation in reading.system.operations
    ]


def test_yaml_can_be_read_as_yaml() -> None:
    text, _ = expand(BASE, "yaml")
    assert text is not None

    (block,) = read_blocks([SourceText("model.yaml", text)]).blocks

    assert block.root.keys()[:2] == ("name", "title")


def test_a_wrong_spec_is_not_expanded() -> None:
    text, reading = expand_texts([SourceText("spec.md", "```yaml tospec\nsystm: x\n```\n")])

    assert text is None
    assert [found.code for found in reading.diagnostics] == ["TS0220", "TS0200"]


@pytest.mark.parametrize("path", [EXAMPLE, BASE], ids=lambda path: path.name)
def test_written_yaml_reads_back(path: Path) -> None:
    for block in read_blocks(sources_of(path)).blocks:
        data = data_of(block.root)
        assert isinstance(data, dict)
        (again,) = read_blocks([SourceText("block.yaml", yaml_text(data))]).blocks
        assert data_of(again.root) == data


@pytest.mark.parametrize(
    "text",
    [
        "true",
        "null",
        "1.10",
        "- a",
        "a: b",
        "#",
        'say "x"',
        "\\n",
        "a\nb",
        "'",
        "",
        "\x7f\u200b\u0001",
    ],
)
def test_odd_texts_read_back(text: str) -> None:
    written = yaml_text({"key": text, "list": [text], "map": {"inner": [text]}})
    (block,) = read_blocks([SourceText("block.yaml", written)]).blocks

    assert isinstance(block.root, Mapping)
    assert data_of(block.root) == {"key": text, "list": [text], "map": {"inner": [text]}}


def test_the_version_of_the_language_is_said_when_it_is_assumed() -> None:
    spec = "```yaml tospec\nsystem: notes\n{}version: 1.0.0\n```\n"

    texts = [
        expand_texts([SourceText("notes.md", spec.format(line))])[0] for line in ("", "tospec: 1\n")
    ]

    assert ["Version 1 of the language is assumed" in (text or "") for text in texts] == [
        *(True, False)
    ]


def test_requirements_keep_their_prose() -> None:
    text, reading = expand_texts(sources_of(EXAMPLE))
    assert text is not None
    assert reading.system is not None

    again = read_texts([SourceText("expanded.md", text)]).system

    assert again is not None
    same = [replace(one, span=reading.system.span) for one in reading.system.requirements]
    assert [replace(one, span=reading.system.span) for one in again.requirements] == same
