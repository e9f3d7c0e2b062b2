"""Secrets in a spec are errors with a place, and are shown nowhere; what only looks odd is none."""

from pathlib import Path

import pytest

from tests.syntax.mutations import ROOT
from tospec.report.diagnostics import render_text
from tospec.source import SourceText
from tospec.syntax import read, read_texts
from tospec.syntax.read_secrets import MOST_SECRETS_TOLD

# In parts, so that no scanner of secrets takes this file for one that holds any.
KEYS = [
    "AKIA" + "QX7ZLM2PN4RT6VWB",
    "sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc",
    "gh" + "p_16C7e42F292c6912E7710c838347Ae178B4a",
    "-----BEGIN RSA " + "PRIVATE KEY-----\\nMIIEpAIBAAKCAQEA0",
    "eyJ" + "hbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
]
PASSWORD = "n7Qw2" + "xLp0"
URL = f"postgresql://shop:{PASSWORD}@db.internal/orders"
HARMLESS = [
    "0190a5b4-7c1e-7d3a-9f52-3c1b2a4d5e6f",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "postgresql+asyncpg://user:password@host/name",
    "https://example.com:8080/path@2x",
    "mailto:somebody@example.com",
    "AKIAIOSFODNN7" + "EXAMPLE",
    "sk_live_ and ghp_ are how such keys begin",
    "-----BEGIN PUBLIC KEY-----",
    "eyJhbGciOiJIUzI1NiJ9",
    "TaskStatusChanged-lifecycle-1_accounts-1",
]
SPEC = """# Notes

{prose}

```yaml tospec
system: notes
version: 1.0.0
description: {description}
```
"""


def found(prose: str, description: str) -> tuple[list[str], str]:
    text = SPEC.format(prose=prose, description=description)
    reading = read_texts([SourceText("notes.md", text)])
    shown = render_text(reading.diagnostics, reading.sources)
    return [f"{each.code} {each.span}" for each in reading.diagnostics], shown


@pytest.mark.parametrize("secret", KEYS)
def test_a_key_is_found_in_prose_and_in_blocks(secret: str) -> None:
    assert found(f"We use {secret}", "Notes.")[0] == ["TS0111 notes.md:3:8"]

    places, shown = found("Prose.", f'"Notes {secret}"')

    assert places == ["TS0111 notes.md:8:21"]
    assert secret[-12:] not in shown
    assert "revoke" in shown


def test_so_is_a_password_in_a_url() -> None:
    places, shown = found(f"See {URL}.", "Notes.")

    assert places == ["TS0111 notes.md:3:23"]
    assert PASSWORD not in shown
    assert "xxxxxxxxx@db.internal" in shown


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_is_let_pass(text: str) -> None:
    assert found(f"See {text}.", f'"{text}"')[0] == []


def test_each_is_told() -> None:
    places, _ = found(f"{KEYS[0]} and {URL}", f'"{KEYS[1]}"')

    assert [place.split(":")[1] for place in places] == ["3", "3", "8"]


def specs() -> list[Path]:
    examples = [path for path in (ROOT / "examples").iterdir() if path.is_dir()]
    return [*examples, *sorted((ROOT / "tests").rglob("*.md"))]


@pytest.mark.parametrize("path", specs(), ids=lambda path: path.stem)
def test_there_is_none_in_any_spec_here(path: Path) -> None:
    assert [each for each in read(path).diagnostics if each.code == "TS0111"] == []


@pytest.mark.parametrize("part", ["a.", "eyJ-", "sk- ", "://a:", "x", "a://b:"])
def test_a_long_line_without_secrets_is_let_pass(part: str) -> None:
    assert found(part * 100_000, "Notes.")[0] == []


def test_a_thousand_secrets_are_hidden_and_the_first_are_told() -> None:
    text = " ".join(KEYS[0] for _ in range(1000))

    reading = read_texts([SourceText("notes.md", SPEC.format(prose=text, description="Notes."))])

    assert len(reading.diagnostics) == MOST_SECRETS_TOLD
    assert KEYS[0] not in reading.sources[0].text
