"""Databases that can be reached, and those that cannot."""

import socket
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tospec.doctor.base import Outcome, Seen
from tospec.doctor.database import reached

TOLD_TO_NOBODY = "correct-horse"


def look(url: str, root: Path, python: Path = Path(sys.executable)) -> Seen:
    return reached(url, root, python, "DATABASE_URL")


@contextmanager
def answering(content: bytes) -> Iterator[int]:
    """Serve something that answers every client with the same bytes."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_serve, args=(server, content), daemon=True)
        thread.start()
        yield int(server.getsockname()[1])


def _serve(server: socket.socket, content: bytes) -> None:
    while True:
        try:
            client, _ = server.accept()
        except OSError:
            return
        with client:
            client.recv(100)
            client.sendall(content)


def test_a_server_that_lets_one_in(postgres_url: str, tmp_path: Path) -> None:
    seen = look(postgres_url.replace("postgresql://", "postgresql+asyncpg://"), tmp_path)
    assert seen.outcome is Outcome.OK
    assert seen.said.startswith("PostgreSQL, ")


def test_a_server_that_lets_nobody_in(postgres_url: str, tmp_path: Path) -> None:
    parts = urlsplit(postgres_url)
    place = f"nobody:{TOLD_TO_NOBODY}@{parts.hostname}:{parts.port or 5432}"
    seen = look(urlunsplit(parts._replace(netloc=place, path="/no_such")), tmp_path)
    assert seen.outcome is Outcome.MISSING
    assert "lets nobody in with DATABASE_URL: Invalid" in seen.said
    assert TOLD_TO_NOBODY not in f"{seen}"


def test_without_a_driver_the_server_still_has_to_answer(tmp_path: Path) -> None:
    bare = tmp_path / "python"
    bare.write_text("#!/bin/sh\nexit 3\n")
    bare.chmod(0o755)
    with answering(b"N") as port:
        seen = look(f"postgresql://u:{TOLD_TO_NOBODY}@127.0.0.1:{port}/d", tmp_path, bare)
    assert seen.outcome is Outcome.OK
    assert seen.said.endswith("signing in was not tried without asyncpg")


@pytest.mark.parametrize(
    ("content", "fault"),
    [(b"", "it hangs up"), (b"HTTP/1.1 400\r\n\r\n", "something else answers")],
)
def test_what_is_no_server_of_postgresql(tmp_path: Path, content: bytes, fault: str) -> None:
    with answering(content) as port:
        seen = look(f"postgresql://u:{TOLD_TO_NOBODY}@127.0.0.1:{port}/d", tmp_path)
    assert seen.said == f"PostgreSQL does not answer on 127.0.0.1:{port}: {fault}."


def test_a_server_that_is_silent(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        seen = look(f"postgresql://127.0.0.1:{port}/d", tmp_path)
    assert seen.said.endswith("timed out.")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://[::",
        "postgresql://h:port/d",
        "postgresql://" + "a" * 80 + "/d",
        "postgresql:///d?host=/no/such/folder",
        "mysql://h/d",
        "",
        "\0",
    ],
)
def test_a_broken_url_is_a_finding(tmp_path: Path, url: str) -> None:
    assert look(url, tmp_path).outcome is Outcome.MISSING


def test_sqlite_needs_a_folder_and_its_own_format(tmp_path: Path) -> None:
    inside, absolute = "sqlite+aiosqlite:///app.db", f"sqlite+aiosqlite:///{tmp_path}/app.db"
    assert look("sqlite+aiosqlite://", tmp_path).said == "SQLite in memory"
    assert look(inside, tmp_path).said.endswith("app.db, not made yet")
    sqlite3.connect(tmp_path / "app.db").execute("CREATE TABLE t (c)").connection.close()
    for url in (inside, absolute):
        assert look(url, tmp_path).said == f"SQLite, {tmp_path / 'app.db'}"
    (tmp_path / "app.db").write_text("This is a text, not a database.")
    assert look(inside, tmp_path).outcome is Outcome.MISSING
    assert look("sqlite:///no/such/app.db", tmp_path).outcome is Outcome.MISSING
