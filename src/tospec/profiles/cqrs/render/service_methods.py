"""The methods of a service."""

from collections.abc import Iterator

from tospec.ir.logic import Resource
from tospec.profiles.cqrs.render.service_moves import MoveMethods
from tospec.profiles.cqrs.render.service_rows import RowMethods
from tospec.python import Code


def methods_of(resource: Resource) -> Iterator[Code]:
    """Return the methods of an entity's service, in the order in which they stand."""
    yield from _rows(resource)
    yield from _moves(resource)
    yield from _private(resource)


def _rows(resource: Resource) -> Iterator[Code]:
    service, methods = resource.service, RowMethods(resource)
    if service.create:
        yield methods.create(service.create)
    if service.update:
        yield methods.update(service.update)
    if service.delete:
        yield from methods.delete(service.delete)
    if service.restore:
        yield methods.restore(service.restore)


def _moves(resource: Resource) -> Iterator[Code]:
    service, methods = resource.service, MoveMethods(resource)
    moves = service.lifecycle.transitions if service.lifecycle else ()
    yield from (methods.transition(each) for each in moves)
    yield from (methods.link(each) for each in service.links)
    yield from (methods.action(each) for each in service.actions)


def _private(resource: Resource) -> Iterator[Code]:
    """Return the methods that others share."""
    service, methods = resource.service, MoveMethods(resource)
    if service.lifecycle:
        yield methods.move(service.lifecycle)
    if service.links:
        yield methods.relinked()
    if service.references and (service.create or service.update):
        yield RowMethods(resource).references(service.references)
