"""Running programs: bounded in time and output, and ended with all that they started."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread
from typing import IO, Final

MAX_OUTPUT: Final = 8 * 1024 * 1024
_CHUNK: Final = 65536
_PATIENCE: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """What became of a program.

    Attributes:
        code: Its exit code; negative when a signal ended it.
        output: What it printed to stdout, up to the limit.
        errors: What it printed to stderr, up to the limit.
        fault: Why there is no usable answer, such as `it took longer than 60 s`; or empty.
    """

    code: int
    output: str
    errors: str
    fault: str = ""

    @property
    def last_line(self) -> str:
        """The last line that it printed, to stderr if there is one."""
        lines = [line for line in (self.errors.strip() or self.output.strip()).split("\n") if line]
        return lines[-1].strip()[:300] if lines else ""


class Running:
    """The programs that run at this moment, so that an interrupted run leaves none behind."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._programs: dict[int, subprocess.Popen[bytes]] = {}

    def add(self, program: "subprocess.Popen[bytes]") -> None:
        """Remember a program that was started."""
        with self._lock:
            self._programs[program.pid] = program

    def end(self, program: "subprocess.Popen[bytes]") -> None:
        """End what is left of a program and of all that it started."""
        with self._lock:
            self._programs.pop(program.pid, None)
        _kill_group(program.pid)
        program.wait(_PATIENCE)

    def end_all(self) -> None:
        """End every program that still runs."""
        with self._lock:
            left = tuple(self._programs)
        for group in left:
            _kill_group(group)


RUNNING: Final = Running()


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    timeout: float,
    env: Mapping[str, str] | None = None,
    limit: int = MAX_OUTPUT,
) -> Completed:
    """Run a program to its end, or end it with everything that it started.

    Args:
        command: The program and its arguments; no shell is involved.
        cwd: The folder that it runs in.
        timeout: Seconds after which it is ended.
        env: Variables in addition to those of this process.
        limit: Bytes that are kept of each stream; the program may print more.
    """
    variables = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **(env or {})}
    try:
        process = _started(command, cwd, variables)
    except OSError as fault:
        return Completed(code=127, output="", errors="", fault=f"{command[0]}: {fault.strerror}")
    RUNNING.add(process)
    output, errors = _Reader(process.stdout, limit), _Reader(process.stderr, limit)
    late = _is_late(process, timeout)
    return Completed(
        code=process.returncode,
        output=output.text(),
        errors=errors.text(),
        fault=f"it took longer than {timeout:g} s" if late else "",
    )


def _is_late(process: "subprocess.Popen[bytes]", timeout: float) -> bool:
    """Wait for a program, end it and what it started, and return whether it took too long."""
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        return True
    finally:
        RUNNING.end(process)
    return False


def _started(
    command: Sequence[str | Path], cwd: Path, env: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - the caller's own command, without a shell
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def _kill_group(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


class _Reader:
    """Reads a stream to its end, and keeps its beginning."""

    def __init__(self, stream: IO[bytes] | None, limit: int) -> None:
        self._kept = bytearray()
        self._thread = Thread(target=self._read, args=(stream, limit), daemon=True)
        self._thread.start()

    def text(self) -> str:
        self._thread.join(_PATIENCE)
        return self._kept.decode("utf-8", "replace")

    def _read(self, stream: IO[bytes] | None, limit: int) -> None:
        if stream is None:
            return
        with stream:
            while chunk := stream.read1(_CHUNK):  # type: ignore[attr-defined]
                self._kept += chunk[: max(limit - len(self._kept), 0)]
