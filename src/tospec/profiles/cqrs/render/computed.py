"""`app/computed/<entities>.py`: what is derived from rows, as SQL."""

from dataclasses import dataclass

from tospec.ir.conditions import Alias, Computed
from tospec.ir.entities import Entity
from tospec.profiles.cqrs.places import model_module
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.python import Code, docstring, fill, identifier, module, symbol

REMEMBERED = fill("@{}(maxsize=64)", symbol("functools", "lru_cache"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Function:
    decorators: tuple[Code, ...]
    name: Code
    parameters: Code
    type: Code
    docstring: Code
    aliases: tuple[Code, ...]
    code: Code


def render_computed(entity: Entity, path: str) -> str:
    """Return the module of an entity's computed values."""
    measured = (each for measures in entity.measures for each in measures.values)
    functions = [_function(entity, each) for each in (*entity.computed, *measured)]
    body = TEMPLATES.render("computed.py.j2", artifact=path, functions=functions)
    return module(_header(entity), body, artifact=path)


def _header(entity: Entity) -> str:
    said = f"What is computed from {entity.names.a_noun}."
    why = "Each condition is made once: making it again costs more than asking it."
    return f"{said}\n\n{why}"


def _function(entity: Entity, computed: Computed) -> _Function:
    aliases = declared(computed.value.aliases)
    return _Function(
        decorators=(REMEMBERED,),
        name=identifier(computed.function),
        parameters=row_parameter(entity),
        type=computed.sql_type,
        docstring=docstring(f"Return `{computed.value.text}`.", indent=4),
        aliases=aliases,
        code=computed.value.code,
    )


def row_parameter(entity: Entity) -> Code:
    """Return the parameter that is a row of an entity: its table, unless an alias is given."""
    return fill(
        "{}: {} = {}",
        identifier(entity.names.singular),
        symbol("sqlalchemy", "FromClause"),
        symbol(model_module(entity.names), identifier(entity.table.name).text),
    )


def declared(aliases: tuple[Alias, ...]) -> tuple[Code, ...]:
    """Return the statements that declare aliases."""
    return tuple(fill("{} = {}.alias()", identifier(a.variable), a.table) for a in aliases)
