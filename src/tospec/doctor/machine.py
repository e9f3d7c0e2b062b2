"""What every machine needs: Python, tospec's own libraries, space, a loopback, a terminal."""

import locale
import os
import shutil
import socket
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from typing import Final

from tospec.doctor.base import Seen, fine, missing, optional
from tospec.doctor.looking import PATIENCE
from tospec.doctor.packages import pinned, shell
from tospec.gate import tools
from tospec.output.formatting import formatter

OLDEST: Final = (3, 13)
_MIB: Final = 1024 * 1024
_ENOUGH: Final = 256 * _MIB
_TRIED: Final = b"\0" * 65536


def python() -> Seen:
    """Return whether this Python is new enough."""
    version = ".".join(map(str, sys.version_info[:3]))
    wanted = ".".join(map(str, OLDEST))
    if sys.version_info[:2] < OLDEST:
        return missing(f"Python {version} is too old.", f"Install Python {wanted} or newer.")
    return fine(f"Python {version}, {sys.executable}")


def libraries() -> Seen:
    """Return whether tospec's own libraries are installed at the pinned versions."""
    try:
        wanted = [line for line in metadata.requires("tospec") or () if "extra ==" not in line]
    except metadata.PackageNotFoundError:
        return optional("tospec runs from its source; the versions of its libraries are unknown.")
    faults = [fault for line in wanted if (fault := _fault(line))]
    if faults:
        again = shell(sys.executable, "-m", "pip", "install", f"tospec=={_own_version()}")
        return missing("; ".join(faults), again)
    return fine(f"{len(wanted)} libraries of tospec {_own_version()}")


def formatting() -> Seen:
    """Return whether the formatter is there and works."""
    program = formatter()
    done = tools.run([program, "--version"], cwd=program.parent, timeout=PATIENCE)
    if done.code or done.fault:
        said = f"{program} does not work: {done.fault or done.last_line or done.code}"
        return missing(
            said, shell(sys.executable, "-m", "pip", "install", "--force-reinstall", "ruff")
        )
    return fine(done.output.strip())


def temporary_folder() -> Seen:
    """Return whether temporary files can be written, with room to spare."""
    mend = "Free some space, or set TMPDIR to a folder that you may write to."
    try:
        with tempfile.TemporaryFile() as file:
            file.write(_TRIED)
        folder = tempfile.gettempdir()
    except OSError as fault:
        return missing(f"Temporary files cannot be written: {fault.strerror or fault}.", mend)
    return _room(Path(folder), "temporary folder", mend)


def working_folder() -> Seen:
    """Return whether the folder that one is in can be written to, with room to spare."""
    mend = "Change to another folder, or give --out one."
    try:
        here = Path.cwd()
    except OSError:
        return missing("The folder that you are in is gone.", mend)
    if not os.access(here, os.W_OK | os.X_OK):
        return missing(f"{here} cannot be written to.", mend)
    return _room(here, "working folder", mend)


def loopback() -> Seen:
    """Return whether a program can listen on this machine and be reached."""
    try:
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            server.listen(1)
            address = server.getsockname()
            socket.create_connection(address, timeout=PATIENCE).close()
    except OSError as fault:
        said = f"No port of 127.0.0.1 can be used: {fault.strerror or fault}."
        return missing(said, "Bring the loopback interface up: ip link set lo up.")
    return fine("Ports of 127.0.0.1 can be listened on.")


def terminal() -> Seen:
    """Return whether the locale is one of UTF-8, which tospec always writes."""
    encoding = locale.getencoding()
    if encoding.lower().replace("-", "") != "utf8":
        return optional(
            f"The locale says {encoding}; tospec writes UTF-8.", "export LC_ALL=C.UTF-8"
        )
    return fine("UTF-8")


def git() -> Seen:
    """Return whether there is git, which shows what a rebuild changes."""
    found = shutil.which("git")
    if found is None:
        return optional("There is no git; nothing but you needs it.", "Install git.")
    return fine(found)


def _room(folder: Path, what: str, mend: str) -> Seen:
    free = shutil.disk_usage(folder).free
    if free < _ENOUGH:
        said = f"The {what} {folder} has {free // _MIB} MiB left of {_ENOUGH // _MIB} needed."
        return missing(said, mend)
    return fine(f"{folder}, {free // _MIB} MiB free")


def _fault(line: str) -> str:
    name, version = pinned(line) or (line, "")
    try:
        found = metadata.version(name)
    except metadata.PackageNotFoundError:
        return f"{name} {version} is not installed"
    return f"{name} is {found}, not {version}" if version and found != version else ""


def _own_version() -> str:
    return metadata.version("tospec")
