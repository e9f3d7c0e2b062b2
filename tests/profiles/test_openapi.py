"""The document of a backend is, byte for byte, the one that the backend exports itself."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.profiles.scaffolding import COMMON, ROOT, common_openapi
from tests.python.hostile import HOSTILE
from tospec.lowering.backend import backend_of
from tospec.output import format_tree
from tospec.profiles.cqrs.places import CqrsPlaces
from tospec.profiles.cqrs.profile import PROFILE
from tospec.profiles.cqrs.render.openapi import render_openapi
from tospec.source import SourceText
from tospec.syntax import Reading, read, read_texts

TASKHUB = ROOT / "examples/taskhub"
WIRE = ROOT / "tests/specs/wire.md"
SPECS = (TASKHUB, *sorted((ROOT / "tests/specs").glob("*.md")), ROOT / "examples/todo")
SECONDS = 120


@pytest.fixture(
    scope="module", params=[path for path in SPECS if path.exists()], ids=lambda p: p.stem
)
def documents(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, str]:
    """Return the document that is built, and the one that the built backend exports."""
    return both(read(request.param), tmp_path_factory.mktemp("backend"))


def test_it_is_what_the_backend_exports(documents: tuple[str, str]) -> None:
    made, exported = documents

    assert list(differences(json.loads(made), json.loads(exported))) == []
    assert made == exported


def test_it_is_valid_openapi(documents: tuple[str, str]) -> None:
    made, _ = documents

    assert [*OpenAPIV31SpecValidator(json.loads(made)).iter_errors()] == []


def test_what_is_no_openapi_is_not_valid(documents: tuple[str, str]) -> None:
    broken = json.loads(documents[0])
    del broken["paths"]["/v1/me"]["get"]["responses"]["200"]["description"]

    assert [*OpenAPIV31SpecValidator(broken).iter_errors()] != []


def test_another_description_is_told_apart(documents: tuple[str, str]) -> None:
    other = json.loads(documents[0])
    other["paths"]["/v1/me"]["get"]["summary"] = "Read"

    assert list(differences(other, json.loads(documents[1]))) == [
        "/paths/~1v1~1me/get/summary: 'Read' is not 'Read who is signed in and what they may do'"
    ]


def test_hostile_words_are_told_as_they_are(tmp_path: Path) -> None:
    texts = [text for text in HOSTILE if text.strip() and "\x00" not in text]
    spec = WIRE.read_text(encoding="utf-8") + "".join(map(command, range(len(texts)), texts))
    reading = read_texts([SourceText("wire.md", spec)])

    made, exported = both(reading, tmp_path)

    assert list(differences(json.loads(made), json.loads(exported))) == []
    assert made == exported
    assert json.loads(made)["paths"].keys() >= {f"/v1/samples/{{sample_id}}/say-{len(texts) - 1}"}


def test_lengths_of_time_are_told_as_bodies_may_have_them() -> None:
    reading = read(WIRE)
    assert reading.system is not None
    made = render_openapi(backend_of(reading.system, CqrsPlaces()), "")

    members = json.loads(made)["components"]["schemas"]["SampleCreate"]["properties"]

    defaults = [members[name]["default"] for name in ("short_while", "long_while", "year")]
    assert defaults == ["PT1H30M", "P800D", "P365D"]


def test_the_part_that_all_have_in_common_is_what_the_example_s_modules_tell() -> None:
    """If this fails, run `python -m tests.profiles.scaffolding`."""
    told, kept = json.loads(common_openapi()), json.loads(COMMON.read_bytes())

    assert list(differences(kept, told)) == []
    assert COMMON.read_bytes() == common_openapi()


def both(reading: Reading, folder: Path) -> tuple[str, str]:
    """Build a backend; return its document and the one that it exports."""
    assert reading.system is not None, reading.diagnostics
    for file in format_tree(PROFILE.render(backend_of(reading.system, CqrsPlaces()))):
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.text.encode())
    done = subprocess.run(
        [sys.executable, "-m", "app", "openapi", "--out", "exported.json"],
        cwd=folder,
        env={**os.environ, "SECRET_KEY": secrets.token_urlsafe(48), "PYTHONPATH": str(folder)},
        capture_output=True,
        check=False,
        text=True,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stderr
    made, exported = folder / "docs/openapi.json", folder / "exported.json"
    return made.read_bytes().decode(), exported.read_bytes().decode()


def differences(one: Any, other: Any, place: str = "") -> Iterator[str]:
    """Return where two JSON values differ, each with what stands there."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            inner = f"{place}/{key.replace('~', '~0').replace('/', '~1')}"
            yield from differences(one.get(key, ...), other.get(key, ...), inner)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for at, pair in enumerate(zip(one, other, strict=True)):
            yield from differences(*pair, f"{place}/{at}")
    elif type(one) is not type(other) or one != other:
        yield f"{place}: {one!r} is not {other!r}"


def command(number: int, text: str) -> str:
    """Return a command whose description, input and unit say `text`."""
    return f"""
```yaml tospec
command: Say{number}
http: POST /v1/samples/{{sample}}/say-{number}
permission: "all:use"
description: {quoted(text)}
input:
  said: {{type: text, length: [0, 2000], default: {quoted(text)}, description: {quoted(text)}}}
do:
  - update: sample
    set: {{free_text: "input.said"}}
```
"""


def quoted(text: str) -> str:
    """Return a YAML scalar in double quotes."""
    plain = (c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text)
    return f'"{"".join(plain)}"'
