"""Printing: results to stdout, messages to stderr, no control characters to a terminal."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import typer

from tospec.cli.exits import Exit


def configure() -> None:
    """Write UTF-8 with plain line ends, whatever the locale says."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def result(text: str) -> None:
    """Print a result; with control characters escaped if people read it.

    Raises:
        typer.Exit: If nobody reads any longer.
    """
    _write(sys.stdout, visible(text) if sys.stdout.isatty() else text)


def data(document: object) -> None:
    """Print a result as JSON in ASCII."""
    _write(sys.stdout, json.dumps(document, indent=2) + "\n")


def message(text: str) -> None:
    """Print a message, with control characters escaped."""
    _write(sys.stderr, visible(text))


def page(text: str) -> None:
    """Print a result whose text is escaped already and may hold colours of our own."""
    _write(sys.stdout, text)


def painted(text: str) -> None:
    """Print a message whose text is escaped already and may hold colours of our own."""
    _write(sys.stderr, text)


def has_color(stream: TextIO) -> bool:
    """Return whether a stream is a terminal that shows colours, and nobody objects."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def visible(text: str) -> str:
    """Return a text in which all that a terminal acts on or hides is spelled out.

    Line ends stay, and so do tabs.
    """
    return "".join(c if c.isprintable() or c in "\n\t" else _spelled(c) for c in text)


@contextmanager
def progress(text: str) -> Iterator[None]:
    """Show on a terminal that work is going on."""
    if not has_color(sys.stderr):
        yield
        return
    from rich.console import Console  # noqa: PLC0415 - slow to import, and rarely needed
    from rich.text import Text  # noqa: PLC0415 - as above

    with Console(stderr=True).status(Text(visible(text))):
        yield


def _spelled(character: str) -> str:
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")


def _write(stream: TextIO, text: str) -> None:
    if text and not text.endswith("\n"):
        text += "\n"
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError as fault:
        # Python flushes the stream once more at exit; that must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        raise typer.Exit(Exit.NO_READER) from fault
