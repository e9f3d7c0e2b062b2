"""Arguments and options that several commands take."""

from enum import StrEnum
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
type FormatOption = Annotated[Format, typer.Option("--format", help="How to print the result.")]
