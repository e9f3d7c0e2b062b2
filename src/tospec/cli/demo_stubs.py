"""The other services of a demo: stubs of the backend, and a page that shows what they got."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from tospec.cli.demo_folder import own_folder
from tospec.cli.demo_server import DemoError

LOG: Final = "stubs.log"
_INBOX: Final = "Inbox: "
_SECONDS_TO_STOP: Final = 5.0


@dataclass(frozen=True, slots=True)
class Stubs:
    """Stubs that answer.

    Attributes:
        inbox: Where people read what they were asked for.
        settings: By which a backend finds them.
    """

    inbox: str
    settings: Mapping[str, str]


@contextmanager
def running(target: Path) -> Iterator[Stubs]:
    """Serve the stubs of a backend until the block ends.

    Raises:
        DemoError: If they do not get ready.
    """
    log = own_folder(target) / LOG
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.stubs", "--port", "0"],
            cwd=target,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    with process:
        try:
            yield _told(process.stdout, log)
        finally:
            process.terminate()
            process.wait(_SECONDS_TO_STOP)


def _told(lines: IO[str] | None, log: Path) -> Stubs:
    settings: dict[str, str] = {}
    for line in lines or ():
        if line.startswith(_INBOX):
            return Stubs(line.removeprefix(_INBOX).strip(), settings)
        name, _, value = line.strip().partition("=")
        settings[name] = value
    message = "The stubs of other services did not start."
    raise DemoError(message, f"Their log is in {log}.")
