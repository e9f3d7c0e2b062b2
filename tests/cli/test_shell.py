"""The shell around the pipeline: exit codes, streams, failures. The pipeline is planted."""

import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.planted import BLOCKING, ERROR, SOURCE, WARNING, plant
from tospec import __version__
from tospec.cli import main, terminal
from tospec.errors import ClashError, EnvironmentFaultError, TargetError

type Capture = pytest.CaptureFixture[str]
type Patch = pytest.MonkeyPatch


@pytest.mark.parametrize(
    ("findings", "code", "verdict"),
    [
        ({}, 0, "complete"),
        ({"diagnostics": (WARNING,)}, 0, "complete"),
        ({"diagnostics": (ERROR, WARNING)}, 2, "invalid"),
        ({"escalations": (BLOCKING,)}, 3, "open"),
    ],
)
def test_assess_answers_with_its_verdict(
    monkeypatch: Patch, capsys: Capture, findings: dict[str, Any], code: int, verdict: str
) -> None:
    plant(monkeypatch, **findings)
    assert main(["assess", "spec.md", "--format", "json"]) == code
    document = json.loads(capsys.readouterr().out)
    assert (document["verdict"], document["exit_code"]) == (verdict, code)
    assert len(document["diagnostics"]) == len(findings.get("diagnostics", ()))
    assert [e["code"] for e in document["escalations"]] == [
        "TS0401" for _ in findings.get("escalations", ())
    ]
    for form in ("text", "md"):
        assert main(["assess", "spec.md", "--format", form]) == code


def test_assess_prints_findings_as_results(monkeypatch: Patch, capsys: Capture) -> None:
    plant(monkeypatch, diagnostics=(WARNING,), escalations=(BLOCKING,))
    main(["assess", "spec.md"])
    printed = capsys.readouterr()
    assert "spec.md:2:1: warning[TS0002]: A warning" in printed.out
    assert "Task.assignee" in printed.out
    assert printed.err == ""


@pytest.mark.parametrize(
    ("findings", "code"),
    [({"diagnostics": (ERROR,)}, 2), ({"escalations": (BLOCKING,)}, 3)],
)
def test_build_writes_nothing_for_a_spec_that_is_not_complete(
    monkeypatch: Patch, capsys: Capture, tmp_path: Path, findings: dict[str, Any], code: int
) -> None:
    plant(monkeypatch, **findings)
    out = tmp_path / "out"
    assert main(["build", "spec.md", "--out", str(out)]) == code
    printed = capsys.readouterr()
    assert (printed.out, bool(printed.err)) == ("", True)
    assert not out.exists()
    assert main(["build", "spec.md", "--out", str(out), "--format", "json"]) == code
    assert json.loads(capsys.readouterr().out)["exit_code"] == code


def test_build_writes_a_complete_spec(monkeypatch: Patch, capsys: Capture, tmp_path: Path) -> None:
    plant(monkeypatch, diagnostics=(WARNING,))
    out = tmp_path / "out"
    command = ["build", "spec.md", "--out", str(out)]
    assert main([*command, "--dry-run"]) == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines()[0] == "create app/a.py"
    assert "Would write" in printed.out
    assert "TS0002" in printed.err
    assert not out.exists()
    assert main(command) == 0
    assert (out / "app/a.py").exists()
    assert "2 created, 0 changed, 0 removed, 0 unchanged" in capsys.readouterr().out
    assert main([*command, "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["verdict"], document["created"], document["unchanged"]) == ("complete", [], 2)


def test_a_rebuild_over_an_edit_lists_it_and_answers_4(
    monkeypatch: Patch, capsys: Capture, tmp_path: Path
) -> None:
    plant(monkeypatch)
    command = ["build", "spec.md", "--out", str(tmp_path / "out")]
    assert main(command) == 0
    (tmp_path / "out/app/a.py").write_text("edited")
    capsys.readouterr()
    assert main(command) == 4
    assert "  app/a.py: edited\n" in capsys.readouterr().err
    assert main([*command, "--format", "json"]) == 4
    document = json.loads(capsys.readouterr().out)
    assert document["error"]["clashes"] == ["app/a.py: edited"]


def test_a_foreign_folder_is_refused_with_2(
    monkeypatch: Patch, capsys: Capture, tmp_path: Path
) -> None:
    plant(monkeypatch)
    (tmp_path / "mine").write_text("")
    assert main(["build", "spec.md", "--out", str(tmp_path)]) == 2
    assert "was not written by tospec" in capsys.readouterr().err


def test_expand_prints_the_whole_spec(monkeypatch: Patch, capsys: Capture) -> None:
    plant(monkeypatch, escalations=(BLOCKING,))
    for form in ("md", "yaml", "json"):
        assert main(["expand", "spec.md", "--format", form]) == 0
        assert capsys.readouterr().out == f"expanded as {form}\n"
    plant(monkeypatch, diagnostics=(ERROR,))
    assert main(["expand", "spec.md"]) == 2
    printed = capsys.readouterr()
    assert (printed.out, "TS0001" in printed.err) == ("", True)


def test_rules_are_listed_and_explained(capsys: Capture) -> None:
    assert main(["rules", "--format", "json"]) == 0
    every = json.loads(capsys.readouterr().out)
    assert main(["rules"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(every) > 10
    chosen = every[0]
    for name in (chosen["code"], chosen["code"].lower(), chosen["name"]):
        assert main(["rules", name]) == 0
        assert chosen["documentation"] in capsys.readouterr().out
    assert main(["rules", chosen["name"] + "x"]) == 2
    assert f"Did you mean '{chosen['name']}'?" in capsys.readouterr().err


def test_the_version_is_printed(capsys: Capture) -> None:
    for command in (["version"], ["--version"]):
        assert main(command) == 0
        assert capsys.readouterr().out == f"tospec {__version__}\n"
    assert main(["version", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["version"] == __version__


@pytest.mark.parametrize(
    "command",
    [["frob"], ["assess"], ["build", "x"], ["assess", "x", "--format", "xml"], ["--no"]],
)
def test_wrong_usage_answers_2(capsys: Capture, command: list[str]) -> None:
    assert main(command) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith("error: ")
    assert "Traceback" not in printed.err
    assert printed.out == ""


def test_help_is_a_result(capsys: Capture) -> None:
    for command in ([], ["--help"], ["build", "-h"]):
        assert main(command) == 0
        printed = capsys.readouterr()
        assert "Usage: tospec" in printed.out + printed.err


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (TargetError("It failed.", "Do this."), 2),
        (ClashError("It failed.", ("a: edited",), "Do this."), 4),
        (EnvironmentFaultError("It failed.", "Do this."), 1),
    ],
)
def test_failures_say_what_and_what_to_do(
    monkeypatch: Patch, capsys: Capture, fault: Exception, code: int
) -> None:
    plant(monkeypatch, raises=fault)
    assert main(["build", "spec.md", "--out", "never"]) == code
    printed = capsys.readouterr().err
    assert printed.startswith("error: It failed.\n")
    assert printed.endswith("  help: Do this.\n")


def test_a_bug_answers_70_and_keeps_its_traceback(
    monkeypatch: Patch, capsys: Capture, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    plant(monkeypatch, raises=ZeroDivisionError("by \x1b[31mzero"))
    command = ["build", "spec.md", "--out", "never"]
    assert main(command) == 70
    printed = capsys.readouterr().err
    assert "This is a bug in tospec: ZeroDivisionError: by \\x1b[31mzero" in printed
    assert "Traceback (most" not in printed
    (kept,) = tmp_path.glob("tospec-bug-*.txt")
    assert str(kept) in printed
    assert "Traceback (most" in kept.read_text()
    assert main(["--debug", *command]) == 70
    assert "Traceback (most" in capsys.readouterr().err
    assert len(list(tmp_path.glob("tospec-bug-*.txt"))) == 1


@pytest.mark.parametrize("fault", [RecursionError("deep"), MemoryError()])
def test_exhaustion_is_a_bug_too(monkeypatch: Patch, capsys: Capture, fault: Exception) -> None:
    plant(monkeypatch, raises=fault)
    assert main(["--debug", "build", "spec.md", "--out", "never"]) == 70
    assert "bug in tospec" in capsys.readouterr().err


def test_an_interrupt_answers_130(monkeypatch: Patch) -> None:
    plant(monkeypatch, raises=KeyboardInterrupt())
    assert main(["build", "spec.md", "--out", "never"]) == 130


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("\x9b31m\x07\r", "\\x9b31m\\x07\\r"),
        ("\u202eabc\u200b", "\\u202eabc\\u200b"),
        ("ö\t€\n", "ö\t€\n"),
        ("\ud800", "\\ud800"),
    ],
)
def test_control_characters_are_spelled_out(text: str, shown: str) -> None:
    assert terminal.visible(text) == shown


def test_escapes_in_arguments_do_not_reach_the_terminal(capsys: Capture) -> None:
    assert main(["\x1b]0;title\x07"]) == 2
    assert main(["rules", "\x1b[2J"]) == 2
    printed = capsys.readouterr().err
    assert "\x1b" not in printed
    assert "\\x1b[2J" in printed


def _run(*command: str, **named: Any) -> subprocess.Popen[bytes]:
    started: subprocess.Popen[bytes] = subprocess.Popen(
        [sys.executable, "-m", "tospec", *command],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        **named,
    )
    return started


def test_a_reader_that_goes_away_is_no_failure() -> None:
    read, write = os.pipe()
    os.close(read)
    process = _run("rules", stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (141, b"")


def test_output_is_utf8_whatever_the_locale() -> None:
    locale = {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "-m", "tospec", "rules", "ö"], env=locale, capture_output=True, check=False
    )
    assert done.returncode == 2
    assert "'ö'" in done.stderr.decode()


def test_modules_beside_the_spec_are_not_imported(tmp_path: Path) -> None:
    for name in ("yaml", "typer", "rich", "json", "markdown_it"):
        (tmp_path / f"{name}.py").write_text("open('CANARY', 'w')\nraise SystemExit(99)\n")
    process = _run("rules", cwd=tmp_path, stdout=subprocess.PIPE)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert not (tmp_path / "CANARY").exists()


def test_ctrl_c_ends_quietly(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "spec.md")
    process = _run("assess", "-", stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, b"")


def test_a_terminal_sees_colours_only_if_it_wants_them(monkeypatch: Patch) -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert terminal.has_color(Screen())
    assert not terminal.has_color(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not terminal.has_color(Screen())
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not terminal.has_color(Screen())


def test_a_real_terminal_gets_no_control_characters_of_a_spec(tmp_path: Path) -> None:
    (tmp_path / "spec.md").write_bytes(b'```yaml tospec\n"\x1b]0;owned": [\n```\n')
    master, slave = pty.openpty()
    process = _run("assess", str(tmp_path / "spec.md"), stdout=slave, stderr=slave)
    os.close(slave)
    printed = _drained(master)
    assert process.wait(60) == 2
    assert b"error" in printed
    colours = rb"\x1b\[[0-9;]*m"
    assert b"\x1b" not in re.sub(colours, b"", printed)


def _drained(master: int) -> bytes:
    printed = b""
    read: Callable[[], bytes] = lambda: os.read(master, 65536)  # noqa: E731 - a probe, not an API
    try:
        while chunk := read():
            printed += chunk
    except OSError:
        pass
    return printed
