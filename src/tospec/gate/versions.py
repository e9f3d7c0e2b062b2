"""Versions of the tools that a tree's interpreter has."""

from tospec.evidence import ToolVersion
from tospec.gate.base import CannotRunError
from tospec.gate.tree import TreeUnderTest


def version_of(tree: TreeUnderTest, name: str) -> tuple[ToolVersion, ...]:
    """Return the version of a tool that the tree's interpreter has.

    Raises:
        CannotRunError: If it has no such tool, or does not work.
    """
    environment = tree.environment
    if environment.fault:
        message = f"{environment.fault}."
        raise CannotRunError(message, "Give --python an interpreter that works.")
    version = environment.distributions.get(name)
    if version is None:
        message = f"{tree.python} has no {name}."
        raise CannotRunError(message, "Install requirements-dev.txt there, or give --python.")
    return (ToolVersion(name=name, version=version),)
