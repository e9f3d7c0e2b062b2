"""Fuzz the built example with Schemathesis: every check, every phase, on each database.

As a program: `python -m tests.contract.fuzzing`; the exit code is 1 if there are findings. The
fuzzer lives in an environment of its own, which is made when it is first needed.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.contract.databases import built, databases, served
from tests.contract.fuzzing.people import sign_up
from tests.verify.serving import ROOT

SCHEMATHESIS: Final = "schemathesis==4.32.5"
ENVIRONMENT: Final = ROOT / ".schemathesis"
CONFIGURATION: Final = ("schemathesis.toml", "hooks.py")
SETTINGS: Final = {"ACCESS_TOKEN_LIFETIME": "3600", "LOCKOUT_FAILURES": "100"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz on each database; 0 if nothing was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.contract.fuzzing", description=__doc__)
    parser.add_argument("--environment", type=Path, default=ENVIRONMENT, help="of the fuzzer")
    parser.add_argument("--on", choices=list(databases()), help="only this database")
    parser.add_argument("--examples", type=int, default=100, help="most of each operation")
    parser.add_argument("--seed", type=int, help="to repeat a run")
    parser.add_argument("--include", default="", help="only operations whose id matches this")
    options = parser.parse_args(arguments)
    program = _fuzzer(options.environment)
    codes = []
    with tempfile.TemporaryDirectory(prefix="tospec-fuzzing-") as root:
        backend = built(Path(root) / "built")
        for name, server in databases().items():
            if options.on not in (None, name):
                continue
            folder = Path(root) / name
            folder.mkdir()
            with served(backend, server, SETTINGS) as base:
                codes.append(_fuzz(program, base, folder, _chosen(options)))
            _say(f"{name}: {_told(folder / 'events.ndjson')}")
    return max(codes, default=1)


def _fuzzer(environment: Path) -> Path:
    """Return the program, installed."""
    program = environment / "bin" / "st"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "--disable-pip-version-check", SCHEMATHESIS], check=True)
    return program


def _chosen(options: argparse.Namespace) -> list[str]:
    chosen = [f"--max-examples={options.examples}"]
    if options.seed is not None:
        chosen.append(f"--seed={options.seed}")
    if options.include:
        chosen.append(f"--include-operation-id-regex={options.include}")
    return chosen


def _fuzz(program: Path, base: str, folder: Path, chosen: Sequence[str]) -> int:
    """Run the fuzzer in `folder` against what is served at `base`; return its exit code."""
    for name in CONFIGURATION:
        shutil.copy(Path(__file__).with_name(name), folder)
    sign_up(base, folder / "people.json")
    report = ["--report=ndjson", f"--report-ndjson-path={folder / 'events.ndjson'}"]
    usual = ["--no-color", "--warnings=off", *report]
    command = [str(program), "run", f"{base}/openapi.json", f"--url={base}", *usual, *chosen]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    return subprocess.run(command, cwd=folder, env=environment, check=False).returncode


def _told(events: Path) -> str:
    """Return how many cases there were in each phase, and how often a check judged one."""
    cases: Counter[str] = Counter()
    checks = 0
    for line in events.read_text(encoding="utf-8").splitlines():
        event = json.loads(line).get("ScenarioFinished")
        if event is not None:
            recorder = event["recorder"]
            cases[event["phase"]] += len(recorder.get("cases", ()))
            checks += sum(len(each) for each in recorder.get("checks", {}).values())
    phases = ", ".join(f"{count} {phase}" for phase, count in cases.items() if count)
    return f"{cases.total()} cases ({phases}), judged {checks} times"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
