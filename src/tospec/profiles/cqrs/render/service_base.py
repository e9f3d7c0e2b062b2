"""What the methods of services have in common."""

from collections.abc import Iterator, Sequence

from tospec.ir.logic import Resource
from tospec.ir.operations import Fault
from tospec.ir.services import Assignment
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.statements import model_of
from tospec.profiles.cqrs.render.variables import row_variable, rows_variable, type_name
from tospec.python import Code, docstring, fill, identifier, join, literal, symbol


class Methods:
    """Renders methods of one service."""

    def __init__(self, resource: Resource) -> None:
        self._resource = resource
        self._entity = resource.entity
        self._row = row_variable(resource.entity.names)
        self._rows = rows_variable(resource.entity.names)
        self._model = model_of(resource.entity)
        self._noun = resource.entity.names.noun

    def _parameters(self, body: str | None) -> Code:
        parameters = [fill("{}: {}", self._row, self._model)]
        if body:
            parameters.append(fill("body: {}", self._schema(body)))
        return join(", ", parameters)

    def _schema(self, type_: str) -> Code:
        return symbol(f"app.schemas.{self._entity.names.plural}", type_name(type_).text)

    def _render(self, template: str, **values: object) -> Code:
        shared: dict[str, object] = {"row": self._row, "rows": self._rows, "model": self._model}
        code = TEMPLATES.render(template, artifact=template, **(shared | values))
        return Code(code.text.rstrip("\n"), code.imports)


def stored(values: Sequence[Assignment]) -> Code | None:
    """Return the dict of values to store; None when there are none."""
    if not values:
        return None
    pairs = (fill("{}: {}", literal(value.field), value.value) for value in values)
    return fill("{{{}}}", join(", ", pairs))


def declared(values: Sequence[Assignment]) -> Iterator[Code]:
    """Return the declarations of the rows that stored values name."""
    for value in values:
        for alias in value.aliases:
            yield fill("{} = {}.alias()", identifier(alias.variable), alias.table)


def documented(about: str, faults: Sequence[Fault]) -> Code:
    """Return a method's docstring with the errors that it raises."""
    return docstring(about, raises=[(fault.type, fault.about) for fault in faults], indent=8)


def missing(about: str) -> Fault:
    """Return the fault of something that the actor does not see, or that is not there."""
    return Fault(type="NotFoundError", about=about)
