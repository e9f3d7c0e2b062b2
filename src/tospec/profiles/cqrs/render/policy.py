"""`app/authorization/policies/<entities>.py`: who may see a row, and who may act on it."""

from dataclasses import dataclass

from tospec.ir.conditions import Action, Form, SqlValue
from tospec.ir.entities import Entity
from tospec.profiles.cqrs.places import model
from tospec.profiles.cqrs.render.computed import REMEMBERED, declared, row_parameter
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.python import Code, attribute, docstring, fill, identifier, join, module, symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class _Function:
    decorators: tuple[Code, ...]
    name: Code
    parameters: Code
    type: Code
    docstring: Code
    aliases: tuple[Code, ...]
    code: Code


def render_policy(entity: Entity, path: str) -> str:
    """Return the module of an entity's policy."""
    functions = [_visible(entity), *(_action(entity, each) for each in entity.policy.actions)]
    body = TEMPLATES.render("policy.py.j2", artifact=path, functions=functions)
    acts = " and act on it" if entity.policy.actions else ""
    about = f"Who may see {entity.names.a_noun}{acts}; permissions have been asked before."
    return module(about, body, artifact=path)


def _visible(entity: Entity) -> _Function:
    about = f"Hold where `principal` may know that the {entity.names.noun} exists."
    return _condition(entity, Code("visible"), about, entity.policy.visible)


def _action(entity: Entity, action: Action) -> _Function:
    words = action.name.replace("_", " ")
    noun = entity.names.singular
    if action.form is Form.SQL:
        about = f"Hold where `principal`, who sees the {entity.names.noun}, may {words} it."
        return _condition(entity, fill("allows_{}", attribute(action.name)), about, action.value)
    actor = fill("actor: {}", symbol("app.authorization.actor", "Actor"))
    row = fill("{}: {}", identifier(noun), model(entity.names))
    return _Function(
        decorators=(),
        name=fill("may_{}", attribute(action.name)),
        parameters=join(", ", (actor, row)),
        type=Code("bool"),
        docstring=docstring(
            f"Return whether `actor` may {words} `{noun}`, which they see.", indent=4
        ),
        aliases=(),
        code=action.value.code,
    )


def _condition(entity: Entity, name: Code, about: str, value: SqlValue) -> _Function:
    module_ = "app.authorization.principal"
    principal = fill("principal: {} = {}", symbol(module_, "Principal"), symbol(module_, "CALLER"))
    return _Function(
        decorators=(REMEMBERED,),
        name=name,
        parameters=join(", ", (principal, row_parameter(entity))),
        type=fill("{}[bool]", symbol("sqlalchemy", "ColumnElement")),
        docstring=docstring(about, indent=4),
        aliases=declared(value.aliases),
        code=value.code,
    )
