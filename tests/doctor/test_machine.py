"""What is said about a machine: each fault beside the machine that has it not."""

import locale
import shutil
import socket
import sys
import sysconfig
import tempfile
import threading
import time
from collections import namedtuple
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from tospec.cli.app import app
from tospec.doctor import VERBS, Bundled, Outcome, examined, machine
from tospec.doctor.base import Probe, Seen, fine
from tospec.doctor.looking import looked
from tospec.errors import EnvironmentFaultError

type Patch = pytest.MonkeyPatch

HERE = Path(__file__).parents[2] / "examples" / "taskhub" / "backend"
BUNDLED = Bundled(HERE / "requirements.txt", HERE / "requirements-dev.txt")
_NO_VERBS = {"doctor", "rules", "schema", "version"}


def test_every_command_is_in_the_table() -> None:
    named = {c.callback.__name__ for c in app.registered_commands if c.callback}
    assert {"assess", "build", "demo", "gate", "verify", "report"} <= named
    assert named - _NO_VERBS == VERBS.keys() - {"serve"}


def test_every_need_of_a_verb_is_looked_at() -> None:
    seen = {finding.name for finding in examined(BUNDLED, HERE).findings}
    needed = {name for names in VERBS.values() for name in names}
    assert needed <= seen
    assert seen - needed == {"terminal", "git", "backend"}


def test_a_healthy_machine_is_ready(monkeypatch: Patch) -> None:
    monkeypatch.delenv("TOSPEC_TEST_POSTGRES", raising=False)
    health = examined(BUNDLED, None)
    assert [verb.verb for verb in health.verbs] == [verb for verb in VERBS if verb != "serve"]
    assert health.ready, [f for f in health.findings if f.outcome is Outcome.MISSING]
    (postgresql,) = [f for f in health.findings if f.name == "postgresql"]
    assert postgresql.outcome is Outcome.OPTIONAL


def test_an_old_python_is_named(monkeypatch: Patch) -> None:
    assert machine.python().outcome is Outcome.OK
    monkeypatch.setattr(sys, "version_info", (3, 12, 9))
    seen = machine.python()
    assert (seen.outcome, seen.said) == (Outcome.MISSING, "Python 3.12.9 is too old.")


def test_other_versions_of_own_libraries_are_named(monkeypatch: Patch) -> None:
    assert machine.libraries().outcome is Outcome.OK
    real = metadata.version
    monkeypatch.setattr(metadata, "version", lambda n: "0.1" if n == "jinja2" else real(n))
    seen = machine.libraries()
    assert seen.outcome is Outcome.MISSING
    assert seen.said.startswith("jinja2 is 0.1, not ")
    assert "pip install tospec==" in seen.mend


def test_a_missing_library_is_named(monkeypatch: Patch) -> None:
    monkeypatch.setattr(
        metadata, "requires", lambda _: ["no-such-library==1", 'x==2; extra == "d"']
    )
    assert machine.libraries().said == "no-such-library 1 is not installed"


def test_a_formatter_that_is_missing_or_does_not_run_is_named(
    monkeypatch: Patch, tmp_path: Path
) -> None:
    assert machine.formatting().said.startswith("ruff ")
    program = tmp_path / "ruff"
    program.write_text("#!/bin/sh\necho broken >&2\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setattr(machine, "formatter", lambda: program)
    assert machine.formatting().said == f"{program} does not work: broken"
    monkeypatch.undo()
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(tmp_path / "no"))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no" / "python"))
    with pytest.raises(EnvironmentFaultError, match="ruff is missing"):
        machine.formatting()


def test_a_temporary_folder_that_takes_nothing_is_named(monkeypatch: Patch) -> None:
    assert machine.temporary_folder().outcome is Outcome.OK
    monkeypatch.setattr(tempfile, "tempdir", "/no/such/folder")
    seen = machine.temporary_folder()
    assert seen.outcome is Outcome.MISSING
    assert "cannot be written" in seen.said


def test_a_full_disk_is_named(monkeypatch: Patch) -> None:
    usage = namedtuple("usage", ["free"])
    assert machine.working_folder().outcome is Outcome.OK
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(3 * 1024 * 1024))
    for look in (machine.temporary_folder, machine.working_folder):
        assert look().outcome is Outcome.MISSING
        assert "3 MiB left of 256 needed" in look().said


def test_a_working_folder_that_is_gone_is_named(monkeypatch: Patch, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert machine.working_folder().said == "The folder that you are in is gone."


def test_a_loopback_that_is_down_is_named(monkeypatch: Patch) -> None:
    assert machine.loopback().outcome is Outcome.OK

    def refuse(*_: Any) -> None:
        raise OSError(99, "Cannot assign requested address")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    assert "Cannot assign requested address" in machine.loopback().said


def test_a_locale_without_utf8_and_a_missing_git_keep_nothing_from_working(
    monkeypatch: Patch,
) -> None:
    monkeypatch.setattr(locale, "getencoding", lambda: "UTF-8")
    assert machine.terminal().outcome is Outcome.OK
    monkeypatch.setattr(locale, "getencoding", lambda: "ISO-8859-1")
    assert machine.terminal().mend == "export LC_ALL=C.UTF-8"
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert (machine.terminal().outcome, machine.git().outcome) == (Outcome.OPTIONAL,) * 2


def test_looks_neither_hang_nor_break_one_another() -> None:
    stop = threading.Event()

    def hang() -> Seen:
        stop.wait(30)
        return fine("late")

    def fail(fault: Exception) -> Seen:
        raise fault

    probes = (
        Probe("hangs", hang),
        Probe("breaks", lambda: fail(ZeroDivisionError("a secret"))),
        Probe("refuses", lambda: fail(PermissionError(13, "Permission denied", "/x"))),
        Probe("lacks", lambda: fail(EnvironmentFaultError("No ruff.", "Install it."))),
        Probe("works", lambda: fine("yes")),
    )
    start = time.monotonic()
    seen = looked(probes, 0.3)
    stop.set()
    assert time.monotonic() - start < 5
    assert list(seen) == [probe.name for probe in probes]
    assert [each.outcome for each in seen.values()] == [Outcome.MISSING] * 4 + [Outcome.OK]
    assert seen["hangs"].said == "There was no answer within 0.3 s."
    assert seen["breaks"].said == "tospec has a bug here: ZeroDivisionError"
    assert seen["refuses"].said == "Permission denied: /x"
    assert (seen["lacks"].said, seen["lacks"].mend) == ("No ruff.", "Install it.")
