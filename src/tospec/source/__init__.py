"""Where text comes from: files of a spec, and places in them."""

from tospec.source.text import SourceText, Span

__all__ = ["SourceText", "Span"]
