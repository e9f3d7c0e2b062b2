"""`tospec demo`."""

import time
from pathlib import Path
from typing import Annotated

import typer

from tospec.cli import demo_build, demo_data, demo_page, demo_server, demo_stubs, terminal
from tospec.cli.arguments import Format, FormatOption
from tospec.cli.exits import Exit


def demo(
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            min=0,
            max=65535,
            show_default="8000, or a free one",
            help="Where to listen; 0 for any free port.",
        ),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Where the backend and its data go.")
    ] = Path("taskhub-demo"),
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Serve the backend once it is built.")
    ] = True,
    format: FormatOption = Format.TEXT,  # noqa: A002 - the option's name
) -> int:
    """Build the bundled example, TaskHub, and serve it with example data until Ctrl-C.

    The folder is used again the next time, with the data that is in it.
    """
    start = time.monotonic()
    listening = demo_server.free_port(port)
    with demo_server.ended_by_signals():
        said = demo_build.ensure(out)
        if not serve:
            terminal.result(said)
            return Exit.COMPLETE
        terminal.message(said)
        demo_server.require_runtime(out)
        people = demo_data.ensure(out, listening)
        with (
            demo_stubs.running(out) as stubs,
            demo_server.running(out, listening, stubs.settings) as server,
        ):
            url = demo_server.base_url(listening)
            page = demo_page.page_of(url, stubs.inbox, people)
            _show(page, format, out, time.monotonic() - start)
            server.wait_until_told()
    terminal.message("Stopped.")
    return Exit.COMPLETE


def _show(page: demo_page.Page, form: Format, out: Path, seconds: float) -> None:
    if form is Format.JSON:
        terminal.data(page.as_data())
    else:
        terminal.result(page.as_text(out, seconds))
