"""The demo from end to end: built, seeded, served, tried in a shell, stopped, started again."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tospec.cli import demo_server
from tospec.errors import EnvironmentFaultError, UsageError

PATIENCE = 240.0
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("demo"),
    pytest.mark.skipif(shutil.which("curl") is None, reason="NOT RUN: there is no curl"),
]


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "backend"


@contextmanager
def demo(target: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the demo; give what it printed until it was ready."""
    command = [
        sys.executable,
        "-m",
        "tospec",
        "demo",
        "--port",
        "0",
        "--out",
        str(target),
        *options,
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        yield process, _printed(process, "}\n" if "json" in options else "/complete ")
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _printed(process: subprocess.Popen[str], last: str) -> str:
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if line == last or (last in line and "curl -si" in line):
            return "".join(lines)
    errors = process.stderr.read() if process.stderr else ""
    raise AssertionError("".join(lines) + errors)


def stopped(process: subprocess.Popen[str], number: int) -> str:
    """Send a signal to all processes of a terminal; return what was said to the end."""
    os.killpg(process.pid, number)
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors
    assert errors.endswith("Stopped.\n")
    assert "Traceback" not in errors
    return errors


def curl(*arguments: str) -> str:
    command = ["curl", "-s", "-f", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def is_open(url: str) -> bool:
    port = int(url.rpartition(":")[2])
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def members(process: subprocess.Popen[str]) -> bool:
    """Return whether anything of the process's group is left."""
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_runs_is_tried_and_stops(target: Path) -> None:
    with demo(target) as (process, page):
        url = re.search(r"runs at (\S+)", page)
        assert url is not None
        assert "swagger-ui" in curl(f"{url[1]}/docs")
        lines = [line for line in page.splitlines() if "curl " in line]
        done = subprocess.run(
            ["sh", "-c", "\n".join(lines)], capture_output=True, text=True, check=False
        )
        assert is_open(url[1])
        stopped(process, signal.SIGINT)
        assert not is_open(url[1])
        assert not members(process)

    assert len(lines) == 5
    created = json.loads(done.stderr)
    listed, started, refused = (part for part in _documents(done.stdout))
    assert (created["title"], created["status"]) == ("Try the API", "todo")
    assert 0 < len(listed["items"]) <= 3
    assert all(item["is_overdue"] for item in listed["items"])
    assert (started["id"], started["status"]) == (created["id"], "in_progress")
    assert "HTTP/1.1 409" in done.stdout
    assert (refused["status"], refused["code"]) == (409, "invalid-transition")
    assert "submit" in json.dumps(refused)
    for role in ("owner", "admin", "member", "viewer"):
        assert len(re.findall(rf"{role}\s+\S+@(?:acme|globex)\.example", page)) == 2


def _documents(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_the_second_start_takes_what_is_there(target: Path) -> None:
    start = time.monotonic()
    with demo(target, "--format", "json") as (process, text):
        seconds = time.monotonic() - start
        page = json.loads(text)
        person = page["people"][0]
        body = json.dumps({"email": person["email"], "password": page["password"]})
        api, plain = f"{page['url']}/v1", "content-type: application/json"
        token = json.loads(curl(f"{api}/auth/sign-in", "-H", plain, "-d", body))["access_token"]
        me = f"authorization: Bearer {token}"
        found = json.loads(curl(f"{api}/tasks?q=Try", "-H", me))["items"]
        files = f"{api}/tasks/{found[0]['id']}/attachments?name=plan.txt"
        curl(files, "-H", me, "-H", "content-type: text/plain", "-d", "A plan.")
        errors = stopped(process, signal.SIGTERM)

    assert [task["title"] for task in found] == ["Try the API"]
    kept = (file for file in (target / ".demo" / "files").rglob("*") if file.is_file())
    assert [file.read_text() for file in kept] == ["A plan."]
    assert "as it is" in errors
    assert seconds < PATIENCE


def test_an_edit_is_kept_and_a_missing_file_comes_back(target: Path) -> None:
    edited, lost = target / "app" / "about.py", target / "app" / "errors.py"
    edited.write_text(edited.read_text() + "\n# mine\n")
    lost.unlink()

    command = [sys.executable, "-m", "tospec", "demo", "--no-serve", "--out", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert edited.read_text().endswith("# mine\n")
    assert (done.returncode, "Traceback" in done.stderr) in {(0, False), (4, False)}


def test_a_missing_package_is_told(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("ruff==1.0\nnot-a-package-at-all==1.0\n")

    with pytest.raises(EnvironmentFaultError, match="not-a-package-at-all") as caught:
        demo_server.require_runtime(tmp_path)

    assert "ruff" not in caught.value.message
    assert "pip install -r" in caught.value.help
    assert caught.value.exit_code == 1


def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]

        with pytest.raises(UsageError, match=f"Port {taken} is taken"):
            demo_server.free_port(taken)
        assert demo_server.free_port(0) != taken
        assert demo_server.free_port(None) > 0
