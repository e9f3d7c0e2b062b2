"""The JSON Schema and the reference page follow from the grammar."""

import json
import re

import pytest
from jsonschema import Draft202012Validator

from tests.syntax.mutations import ROOT, blocks_of
from tospec.expression import CODES
from tospec.syntax import codes, json_schema, read_codes
from tospec.syntax.documents import DOCUMENTS
from tospec.syntax.grammar import KINDS

BLOCKS = blocks_of("examples/taskhub")
SCHEMA = json_schema()


@pytest.mark.parametrize("path", DOCUMENTS)
def test_documents_are_current(path: str) -> None:
    written = (ROOT / path).read_text(encoding="utf-8")

    assert written == DOCUMENTS[path](), "Run `python -m tospec.syntax.documents`."


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: " ".join(map(str, [*block][:1])))
def test_the_schema_accepts_each_block_of_the_example(block: dict[str, object]) -> None:
    errors = list(Draft202012Validator(SCHEMA).iter_errors(json.loads(json.dumps(block))))

    assert errors == []


@pytest.mark.parametrize(
    "change",
    [
        {"fileds": {}},
        {"entity": "note"},
        {"audit": "yes"},
        {"fields": {"name": {"type": "strng"}}},
        {"fields": {"Name": {"type": "string"}}},
        {"crud": {"create": "x"}},
        {"lifecycle": {"field": "status"}},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(change: dict[str, object]) -> None:
    right: dict[str, object] = {"entity": "Note", "fields": {"name": {"type": "string"}}}
    validator = Draft202012Validator(SCHEMA)

    assert validator.is_valid(right)
    assert not validator.is_valid({**right, **change})


def test_the_page_names_every_kind_and_every_code() -> None:
    page = DOCUMENTS["docs/language.md"]()

    assert re.findall(r"^## `(\w+)`$", page, re.MULTILINE) == list(KINDS)
    for code in (*codes.MEANINGS, *read_codes.MEANINGS, *CODES):
        assert f"| `{code}` |" in page


def test_each_code_has_one_meaning() -> None:
    named = [value for name, value in vars(codes).items() if name.isupper() and name != "MEANINGS"]

    assert len(set(named)) == len(named)
    assert set(named) == set(codes.MEANINGS)
    assert not set(named) & {*read_codes.MEANINGS, *CODES}
