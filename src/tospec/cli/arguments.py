"""Arguments and options that several commands take."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """How a result is printed."""

    TEXT = "text"
    JSON = "json"


type SpecPath = Annotated[
    str,
    typer.Argument(
        metavar="SPEC", help="A file of the spec, a folder of such files, or - for stdin."
    ),
]
JsonFile = Annotated[
    Path | None, typer.Option("--json", metavar="FILE", help="Write all of it as JSON.")
]
JunitFile = Annotated[
    Path | None, typer.Option("--junit", metavar="FILE", help="Write it as JUnit XML.")
]
SarifFile = Annotated[
    Path | None, typer.Option("--sarif", metavar="FILE", help="Write it as SARIF.")
]
type FormatOption = Annotated[Format, typer.Option("--format", help="How to print the result.")]
