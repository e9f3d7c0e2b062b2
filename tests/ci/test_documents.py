"""Hooks and documents for other people's pipelines: what they name exists."""

import re
import shlex
from typing import Any

import pytest
import yaml

from tests.ci.composite import ACTION, ROOT
from tospec import pipeline
from tospec.cli import main

HOOKS = ROOT / ".pre-commit-hooks.yaml"
DOCUMENT = ROOT / "docs" / "ci.md"
# They run tools of the backend's own environment, which a hook has not.
NEEDS_PACKAGES = {"types", "style", "layering", "dependencies"}
_CALL = re.compile(
    r"(?<![\w/-])(?:[\w$/{}.]*/)?tospec\"? (assess|build|gate|verify|report)\b([^`#|]*)"
)


def hooks() -> dict[str, dict[str, Any]]:
    return {hook["id"]: hook for hook in yaml.safe_load(HOOKS.read_text(encoding="utf-8"))}


def calls(text: str) -> list[tuple[str, list[str]]]:
    """Return each call of tospec in a text: the verb and the options."""
    joined = re.sub(r"\\\n\s*", " ", text)
    found = (match for line in joined.splitlines() for match in _CALL.finditer(line))
    return [(m[1], re.findall(r"(?<![\w-])--[a-z][a-z-]*", m[2])) for m in found]


def options_of(verb: str, capsys: pytest.CaptureFixture[str]) -> set[str]:
    assert main([verb, "--help"]) == 0
    return set(re.findall(r"--[a-z][a-z-]*", capsys.readouterr().out))


def texts() -> dict[str, str]:
    entries = "\n".join(hook["entry"] for hook in hooks().values())
    action = ACTION.read_text(encoding="utf-8")
    return {"action": action, "hooks": entries, "document": DOCUMENT.read_text(encoding="utf-8")}


@pytest.mark.parametrize(("name", "least"), [("action", 7), ("hooks", 2), ("document", 10)])
def test_every_option_exists(name: str, least: int, capsys: pytest.CaptureFixture[str]) -> None:
    used = calls(texts()[name])
    assert len(used) >= least
    for verb, options in used:
        assert set(options) <= options_of(verb, capsys), (verb, options)


def test_an_option_that_does_not_exist_is_seen(capsys: pytest.CaptureFixture[str]) -> None:
    assert calls("x/tospec gate --no-such DIR") == [("gate", ["--no-such"])]
    assert "--no-such" not in options_of("gate", capsys)
    assert "--only" in options_of("gate", capsys)


def test_every_option_of_a_list_exists_in_the_action(capsys: pytest.CaptureFixture[str]) -> None:
    listed = re.findall(r'options\+=\("(--[a-z-]+)=', texts()["action"])
    assert sorted(listed) == ["--evidence", "--reason", "--skip"]
    known = options_of("gate", capsys) & options_of("verify", capsys) | {"--reason", "--skip"}
    assert set(listed) <= known


def test_hooks_call_commands_with_what_they_need() -> None:
    found = hooks()
    assert set(found) == {"tospec-assess", "tospec-gate-static"}
    for hook in found.values():
        assert hook["language"] == "python"
        assert hook["pass_filenames"] is False
        assert hook["name"]
        assert hook["description"]


def test_the_static_hook_runs_every_gate_that_only_reads() -> None:
    words = shlex.split(hooks()["tospec-gate-static"]["entry"])
    named = [word for at, word in enumerate(words) if words[at - 1] == "--only"]
    reading = [gate.name for gate in pipeline.gates() if not gate.executed]
    assert {each.name for each in pipeline.gates()} >= NEEDS_PACKAGES
    assert named == [name for name in reading if name not in NEEDS_PACKAGES]


def test_the_hooks_work(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "main.py").write_text('"""A module."""\n\nimport os\n\nprint(os.name)\n')
    entry = shlex.split(hooks()["tospec-gate-static"]["entry"])
    assert main([*entry[1:], str(tmp_path)]) in {0, 1}
    assert "passed   parses" in capsys.readouterr().out
    assert main([*shlex.split(hooks()["tospec-assess"]["entry"])[1:], str(tmp_path / "no")]) == 2


@pytest.mark.parametrize("language", ["yaml"])
def test_examples_parse(language: str) -> None:
    blocks = re.findall(
        rf"```{language}\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL
    )
    assert len(blocks) == 3
    for block in blocks:
        assert isinstance(yaml.safe_load(block), dict)
    ids = {hook["id"] for hook in yaml.safe_load(blocks[2])["repos"][0]["hooks"]}
    assert ids == set(hooks())


def test_a_log_fits() -> None:
    (sample,) = re.findall(r"```text\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert max(map(len, sample.splitlines())) <= 120
