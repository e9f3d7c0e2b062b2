"""`docs/openapi.json`: the document that the backend serves, made without running it."""

from tospec.profiles.cqrs.render.openapi.document import render_openapi

__all__ = ["render_openapi"]
