"""The command line: parses arguments, calls the pipeline, prints."""

from tospec.cli.main import main

__all__ = ["main"]
