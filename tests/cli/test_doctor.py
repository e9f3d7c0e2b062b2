"""`tospec doctor` as a program: its table, its exit codes, and machines that are broken."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tospec import pipeline
from tospec.cli import main
from tospec.doctor import Finding, Health, Outcome, VerbHealth

type Capture = pytest.CaptureFixture[str]
type Patch = pytest.MonkeyPatch

GOOD = Finding(name="python", outcome=Outcome.OK, said="3", mend="", needed_by=("build", "demo"))
BAD = Finding(
    name="runtime",
    outcome=Outcome.MISSING,
    said="fastapi 1 is not installed",
    mend="pip install fastapi==1",
    needed_by=("demo",),
)
CAN_BUILD = VerbHealth(verb="build", missing=())


def plant(monkeypatch: Patch, *, sick: bool) -> None:
    demo = VerbHealth(verb="demo", missing=(BAD,) if sick else ())
    findings = (GOOD, BAD) if sick else (GOOD,)
    health = Health(findings=findings, verbs=(CAN_BUILD, demo))
    monkeypatch.setattr(pipeline, "doctor", lambda _: health)


@pytest.mark.parametrize(("sick", "code", "verdict"), [(False, 0, "ready"), (True, 1, "missing")])
def test_it_answers_with_its_verdict(
    monkeypatch: Patch, capsys: Capture, *, sick: bool, code: int, verdict: str
) -> None:
    plant(monkeypatch, sick=sick)
    assert main(["doctor", "--format", "json"]) == code
    document = json.loads(capsys.readouterr().out)
    assert (document["verdict"], document["exit_code"]) == (verdict, code)
    assert document["verbs"][0] == {"verb": "build", "ready": True, "missing": []}
    assert document["verbs"][1]["missing"] == (["runtime"] if sick else [])
    assert document["checks"][0]["needed_by"] == ["build", "demo"]
    assert main(["doctor"]) == code


def test_the_table_says_which_verb_lacks_what_and_what_mends_it(
    monkeypatch: Patch, capsys: Capture
) -> None:
    plant(monkeypatch, sick=True)
    main(["doctor"])
    assert capsys.readouterr().out == (
        "build    ready\n"
        "demo     missing runtime: pip install fastapi==1\n"
        "\n"
        "ok       python   3\n"
        "missing  runtime  fastapi 1 is not installed\n"
        "                  → pip install fastapi==1\n"
    )


def test_no_folder_answers_2(capsys: Capture) -> None:
    assert main(["doctor", "/no/such/folder"]) == 2
    assert "There is no folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, set()),
        ({"PATH": "", "HOME": None, "LC_ALL": "C", "TERM": None}, set()),
        ({"TMPDIR": "/no/such/folder"}, set()),
        ({"TOSPEC_TEST_POSTGRES": "postgresql://u:correct-horse@127.0.0.1:1/d"}, {"gate"}),
    ],
)
def test_a_broken_environment_is_told_and_breaks_nothing(
    tmp_path: Path, changes: dict[str, str | None], missing: set[str]
) -> None:
    bare = {name: value for name, value in os.environ.items() if name != "TOSPEC_TEST_POSTGRES"}
    env = {name: value for name, value in {**bare, **changes}.items() if value is not None}
    done = subprocess.run(
        [sys.executable, "-m", "tospec", "doctor", "--format", "json"],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    document = json.loads(done.stdout)
    assert (done.stderr, done.returncode) == ("", 1 if missing else 0), document
    assert {each["verb"] for each in document["verbs"] if not each["ready"]} == missing
    assert "correct-horse" not in done.stdout
    assert "bug" not in done.stdout
