"""The entry point, and what becomes of failures."""

import itertools
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

from typer import Exit as TyperExit
from typer.exceptions import TyperException
from typer.main import get_command

from tospec.cli import terminal
from tospec.cli.app import app, options
from tospec.cli.exits import Exit
from tospec.errors import ClashError, TospecError


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    terminal.configure()
    given = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    try:
        return _guarded(given)
    except TyperExit as end:
        return end.exit_code
    except KeyboardInterrupt:
        return Exit.INTERRUPTED


def _guarded(arguments: list[str]) -> int:
    try:
        answer = get_command(app).main(arguments, prog_name="tospec", standalone_mode=False)
    except TyperException as fault:
        return _usage(fault)
    except TospecError as fault:
        return _failure(fault, arguments)
    except (TyperExit, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as fault:
        return _bug(fault)
    return int(answer or Exit.COMPLETE)


def _usage(fault: TyperException) -> int:
    said = getattr(fault, "format_message", lambda: str(fault))()
    terminal.message(f"error: {said}\n  help: See 'tospec --help'.")
    return Exit.INVALID


def _failure(fault: TospecError, arguments: list[str]) -> int:
    clashes = fault.clashes if isinstance(fault, ClashError) else ()
    if _wants_json(arguments):
        said = {"message": fault.message, "help": fault.help, "clashes": list(clashes)}
        verdict = "clashes" if clashes else "failed"
        terminal.data({"verdict": verdict, "exit_code": fault.exit_code, "error": said})
    lines = [f"error: {fault.message}", *(f"  {clash}" for clash in clashes)]
    lines += [f"  help: {fault.help}"] if fault.help else []
    terminal.message("\n".join(lines))
    return fault.exit_code


def _wants_json(arguments: list[str]) -> bool:
    pairs = itertools.pairwise(arguments)
    return "--format=json" in arguments or ("--format", "json") in pairs


def _bug(fault: BaseException) -> int:
    """Say that the fault is ours, and keep the traceback for the report."""
    said = f"This is a bug in tospec: {type(fault).__name__}: {str(fault)[:500]}"
    trace = "".join(traceback.format_exception(fault))
    if options.debug:
        terminal.message(trace)
        kept = "The traceback is above."
    else:
        kept = _kept(trace)
    terminal.message(f"{said}\n  help: Please report it. {kept}")
    return Exit.BUG


def _kept(trace: str) -> str:
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", prefix="tospec-bug-", suffix=".txt", delete=False
        ) as file:
            file.write(trace)
    except OSError:
        return "Run it again with 'tospec --debug' to see the traceback."
    return f"The traceback is in {Path(file.name)}."
