"""The example's backend keeps its files in a store that speaks S3 as well as in a folder."""

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import httpx
import pytest
from moto.server import ThreadedMotoServer

BACKEND: Final = Path(__file__).parents[2] / "examples" / "taskhub" / "backend"
BUCKET: Final = "files"
SWEPT: Final = """\
import asyncio
from datetime import UTC, datetime
from app.core.settings import Settings
from app.db.file_sweep import sweep
from app.db.files import object_store
asyncio.run(sweep(object_store(Settings()), None, now=datetime.now(UTC)))
"""


@pytest.fixture(scope="module")
def store() -> Iterator[Mapping[str, str]]:
    """The settings of an installation whose files are kept by a server on loopback."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    assert httpx.put(f"{endpoint}/{BUCKET}").status_code == 200
    yield {
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "STORAGE_ENDPOINT": endpoint,
        "STORAGE_ACCESS_KEY": secrets.token_urlsafe(16),
        "STORAGE_SECRET_KEY": secrets.token_urlsafe(16),
    }
    server.stop()


@pytest.mark.slow
def test_its_own_tests_of_files_pass(tmp_path: Path, store: Mapping[str, str]) -> None:
    environment = {
        **store,
        "TEST_STORAGE_URL": f"s3://{BUCKET}",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(tmp_path),
    }
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/files"]
    done = subprocess.run(
        command, cwd=BACKEND, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]
    objects = _objects(store)
    assert len(objects) > 10
    assert all(re.fullmatch(r"[0-9a-f]{16}/attachments/\S+", each) for each in objects)


def test_a_sweep_ends_well(store: Mapping[str, str]) -> None:
    httpx.put(f"{store['STORAGE_ENDPOINT']}/{BUCKET}/other", content=b"x").raise_for_status()
    environment = {**store, "STORAGE_URL": f"s3://{BUCKET}"}
    for _ in range(10):
        done = subprocess.run(
            [sys.executable, "-c", SWEPT], cwd=BACKEND, env=environment, check=False
        )
        assert done.returncode == 0


def _objects(store: Mapping[str, str]) -> list[str]:
    answer = httpx.get(f"{store['STORAGE_ENDPOINT']}/{BUCKET}?list-type=2")
    return re.findall("<Key>(.*?)</Key>", answer.text)
