"""The GitHub action: its steps run here, on TaskHub, by a small runner."""

import json
import re
import shlex
import socket
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.ci.composite import BASH, EXPRESSION, ROOT, TOSPEC, Runner, action, steps
from tospec import pipeline

TASKHUB = ROOT / "examples" / "taskhub"
pytestmark = pytest.mark.slow
READING = ("parses", "no-stubs", "no-secrets")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with TaskHub's spec in `the spec` and its backend in `the backend`."""
    workspace = tmp_path_factory.mktemp("workspace")
    (workspace / "the spec").symlink_to(TASKHUB)
    reading = pipeline.read(str(TASKHUB))
    pipeline.build(reading, workspace / "the backend")
    return workspace


@pytest.fixture
def runner(built: Path, tmp_path: Path) -> Runner:
    others = [gate.name for gate in pipeline.gates() if gate.name not in READING]
    inputs = {
        "spec": "the spec",
        "directory": "the backend",
        "install": "",
        "skip": "\n".join(others),
        "skip-reason": 'slow; see "the other job"',
    }
    made = Runner(workspace=built, temporary=tmp_path, inputs=inputs)
    made.has_tospec()
    return made


def unsafe(text: str) -> list[str]:
    """Return the expressions that would become text of a script."""
    return EXPRESSION.findall(text)


def syntax_fault(script: str) -> str:
    command = ["bash", "-n", "-c", script]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


def test_inputs_reach_scripts_as_variables_only() -> None:
    scripts = [step["run"] for step in steps() if "run" in step]
    assert len(scripts) >= 6
    assert [found for script in scripts for found in unsafe(script)] == []
    assert unsafe("echo ${{ inputs.spec }}") == ["inputs.spec"]


def test_every_script_is_one_of_bash() -> None:
    for step in steps():
        if "run" in step:
            assert step["shell"] == "bash"
            assert syntax_fault(step["run"]) == ""
    assert "syntax error" in syntax_fault("if")


def test_other_actions_are_pinned_by_commit() -> None:
    pinned = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines() if "uses:" in line]
    assert len(lines) == 2
    assert [line for line in lines if not pinned.fullmatch(line)] == []
    assert not pinned.fullmatch("uses: actions/checkout@v7")


def test_inputs_are_declared_used_and_documented() -> None:
    declared = action()["inputs"]
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == declared.keys()
    documents = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    for name, each in declared.items():
        assert each["description"].strip()
        assert each["required"] or "default" in each
        assert f"`{name}`" in documents


def test_tospec_is_installed_from_the_pinned_checkout(runner: Runner, tmp_path: Path) -> None:
    fakes = tmp_path / "fakes"
    fakes.mkdir()
    log = tmp_path / "log"
    own = f'#!/bin/sh\necho "$@" >> {shlex.quote(str(log))}\n'
    (fakes / "python").write_text(f'{own}[ "$2" != venv ] || cp "$0" "$3/bin/python"\n')
    (fakes / "python").chmod(0o755)
    runner.variables["PATH"] = f"{fakes}:/usr/bin:/bin"
    done = runner.run("Install tospec")
    assert done is not None
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("tospec ")
    assert (tmp_path / "output").read_text() == f"results={runner.results}\n"
    venv, pip = log.read_text().splitlines()
    assert venv == f"-m venv {tmp_path}/tospec"
    assert pip.startswith("-m pip install ")
    assert pip.endswith(f" {ROOT}")


def test_a_complete_spec_passes(runner: Runner, tmp_path: Path) -> None:
    done = runner.run("Assess the spec")
    assert done is not None
    assert (done.returncode, done.stderr) == (0, "")
    assert "Nothing is open" in done.stdout
    assert (tmp_path / "summary").read_text()


@pytest.mark.parametrize(
    ("spec", "code"), [("README.md", 2), ("examples/taskhub-draft", 3), ("examples/taskhub", 0)]
)
def test_the_verdict_of_assess_stops_the_job(runner: Runner, spec: str, code: int) -> None:
    runner.inputs["spec"] = str(ROOT / spec)
    done = runner.run("Assess the spec")
    assert done is not None
    assert done.returncode == code, done.stdout


@pytest.mark.parametrize("step", ["Assess the spec", "Pass the gates", "Report"])
@pytest.mark.parametrize("text", ['"; touch pwned; "', "$(touch pwned)", "`touch pwned`", "--help"])
def test_inputs_are_never_run(runner: Runner, tmp_path: Path, step: str, text: str) -> None:
    workspace = tmp_path / "elsewhere"
    workspace.mkdir()
    runner.workspace = workspace
    runner.inputs |= {"spec": text, "directory": text, "skip": text, "skip-reason": text}
    done = runner.run(step)
    assert done is not None
    assert list(workspace.iterdir()) == []
    assert done.returncode == (0 if step == "Report" else 2)
    assert "Usage: tospec" not in done.stdout
    subprocess.run([*BASH, "touch pwned"], cwd=workspace, check=True)
    assert [path.name for path in workspace.iterdir()] == ["pwned"]


def test_gates_leave_sarif_and_junit(runner: Runner) -> None:
    done = runner.run("Pass the gates")
    assert done is not None
    assert done.returncode == 0, done.stdout + done.stderr
    assert 'on request: slow; see "the other job"' in done.stdout
    document = json.loads((runner.results / "gates.sarif").read_text(encoding="utf-8"))
    assert document["version"] == "2.1.0"
    suites = ET.fromstring((runner.results / "gates.xml").read_text(encoding="utf-8"))  # noqa: S314 - ours
    names = {case.get("name") for case in suites.iter("testcase")}
    assert len(names) >= len(READING)


def test_a_gate_that_fails_stops_the_job(runner: Runner, built: Path) -> None:
    broken = built / "the backend" / "app" / "about.py"
    text = broken.read_text(encoding="utf-8")
    broken.write_text(f"{text}\ndef nothing() -> None:\n    ...\n", encoding="utf-8")
    try:
        done = runner.run("Pass the gates")
    finally:
        broken.write_text(text, encoding="utf-8")
    assert done is not None
    assert done.returncode == 1
    assert "app/about.py" in (runner.results / "gates.sarif").read_text(encoding="utf-8")


def test_the_report_is_written(runner: Runner) -> None:
    done = runner.run("Report")
    assert done is not None
    assert done.returncode == 0, done.stderr
    assert (runner.results / "report.html").read_text(encoding="utf-8").startswith("<!doctype html")
    manifest = json.loads((runner.results / "trace-manifest.json").read_text(encoding="utf-8"))
    assert len(manifest["requirements"]) > 10
    assert "## Requirements" in (runner.results / "report.md").read_text(encoding="utf-8")


def test_install_runs_in_the_backend_and_may_be_left_out(runner: Runner, built: Path) -> None:
    assert runner.run("Install the backend") is None
    runner.inputs["install"] = "pwd; false; echo on"
    done = runner.run("Install the backend")
    assert done is not None
    assert (done.returncode, done.stdout) == (1, f"{built / 'the backend'}\n")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def serving(runner: Runner, tmp_path: Path, command: str, code: int = 0) -> Path:
    """Let the step find a service, and a tospec that asks it, notes it, and answers a code."""
    log = tmp_path / "verify.log"
    program = tmp_path / "verifier"
    program.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" > {shlex.quote(str(log))}\n'
        f'curl --silent --fail --output /dev/null "$ASKED" && exit {code}\nexit 99\n'
    )
    program.chmod(0o755)
    runner.has_tospec(program)
    url = f"http://127.0.0.1:{free_port()}"
    port = url.rpartition(":")[2]
    runner.inputs |= {"start": command.replace("PORT", port), "url": url, "start-seconds": "5"}
    runner.variables["ASKED"] = url
    return log


SERVE = f"{sys.executable} -m http.server --bind 127.0.0.1 PORT & wait"


@pytest.mark.parametrize("code", [0, 1, 5])
def test_a_service_is_started_verified_and_ended(runner: Runner, tmp_path: Path, code: int) -> None:
    log = serving(runner, tmp_path, SERVE, code)
    done = runner.run("Verify the running backend")
    assert done is not None
    assert done.returncode == code, done.stderr
    words = log.read_text().splitlines()
    assert words[0] == "verify"
    assert words[-2:] == ["--", "the spec"]
    assert "--evidence=the backend" in words
    port = int(runner.inputs["url"].rpartition(":")[2])
    # Its children got the signal as well; a busy machine may take a moment to end them.
    deadline = time.monotonic() + 10
    while is_open(port) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_open(port)


@pytest.mark.parametrize("command", ["echo no such database >&2; exit 1", "sleep 60"])
def test_a_service_that_does_not_answer_stops_the_job(
    runner: Runner, tmp_path: Path, command: str
) -> None:
    log = serving(runner, tmp_path, command)
    runner.inputs["start-seconds"] = "1"
    start = time.monotonic()
    done = runner.run("Verify the running backend")
    assert done is not None
    assert done.returncode == 1
    assert time.monotonic() - start < 30
    assert "Nothing answers at http://127.0.0.1:" in done.stderr
    assert ("no such database" in done.stderr) == ("database" in command)
    assert not log.exists()


def test_without_a_command_nothing_is_verified(runner: Runner) -> None:
    assert runner.run("Verify the running backend") is None


def test_the_tospec_of_these_tests_is_there() -> None:
    assert TOSPEC.is_file()
