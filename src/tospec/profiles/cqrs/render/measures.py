"""`app/queries/<entities>/<operation>.py` of an operation that measures."""

from tospec.ir.entities import Entity
from tospec.ir.logic import UseCase
from tospec.ir.measures import Measures
from tospec.ir.operations import Operation
from tospec.profiles.cqrs import places
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.headers import operation_header
from tospec.profiles.cqrs.render.messages import id_field, message, schema
from tospec.profiles.cqrs.render.variables import rows_variable, type_name
from tospec.python import attribute, docstring, literal, module, symbol


def render_measures(case: UseCase, path: str) -> str:
    """Return the module of one query that measures."""
    entity, operation = case.entity, case.operation
    names, measures = entity.names, measures_of(entity, operation)
    is_kept = measures.seconds is not None
    view = schema(entity, measures.view)
    fields = [id_field(each) for each in operation.parameters]
    about = f"Answers `{operation.name}`{_until(is_kept=is_kept)}."
    body = TEMPLATES.render(
        "kept_measures.py.j2" if is_kept else "measures.py.j2",
        artifact=path,
        type=type_name(operation.name),
        message=message(operation, view, fields),
        docstring=docstring(about, indent=4),
        view=view,
        repository=symbol(f"app.repositories.{names.plural}", f"{names.type}Repository"),
        policy=places.policy(names),
        method=attribute(measures.function),
        key=attribute(operation.parameters[0]),
        rows=rows_variable(names),
        answer=literal(measures.answer),
        seconds=literal(measures.seconds or 0),
    )
    return module(operation_header(operation), body, artifact=path)


def measures_of(entity: Entity, operation: Operation) -> Measures:
    """Return what an operation measures."""
    return next(each for each in entity.measures if each.operation == operation.name)


def _until(*, is_kept: bool) -> str:
    return ", for a while without measuring anew" if is_kept else ""
