"""`app/commands/<entities>/__init__.py` and the like: what a package is for."""

from tospec.ir.logic import Resource
from tospec.python import NOTHING, module


def render_commands(resource: Resource, path: str) -> str:
    """Return the package of an entity's commands."""
    header = f"What may be done to {resource.entity.names.nouns}."
    return module(header, NOTHING, artifact=path)


def render_queries(resource: Resource, path: str) -> str:
    """Return the package of an entity's queries."""
    header = f"What may be asked about {resource.entity.names.nouns}."
    return module(header, NOTHING, artifact=path)
