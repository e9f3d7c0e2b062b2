"""`tests/factories/<entities>.py`: how tests make rows of an entity."""

from tospec.ir.case_tables import EntityCases
from tospec.ir.cases import Given
from tospec.ir.names import EntityNames
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.tests.parts import made, make, mapping, model, outside
from tospec.python import Code, docstring, fill, identifier, join, literal, module, symbol

_BY = Code("by")


def render_factories(entity: EntityCases, path: str) -> str:
    """Return the module that makes rows of an entity."""
    names, factory = entity.names, entity.factory
    body = TEMPLATES.render(
        "tests/factories.py.j2",
        artifact=path,
        singular=identifier(names.singular),
        model=model(names),
        repository=symbol(f"app.repositories.{names.plural}", factory.repository),
        deletes=entity.restores,
        deleted_doc=_doc(f"Store {names.a_noun} that `by` made, and delete it."),
        make_doc=_doc(f"Store {names.a_noun} that `by` made; `values` are its columns and links."),
        find_doc=_doc(f"Return the {names.noun} as the tenant of `by` stores it, if it does."),
        least_doc=_doc(f"Return the least that `by` sends to create {names.a_noun}."),
        full_doc=_doc(f"Return all that `by` may send for {names.a_noun}; no value is a default."),
        row=_row(entity),
        parents=[(literal(column), make(other, _BY)) for column, other in factory.parents],
        least=_given(factory.least) if factory.least else None,
        full=_given(factory.full) if factory.full else None,
        hidden=_hidden(names, factory.hidden) if factory.hidden else None,
        hidden_doc=_doc(f"Store {names.a_noun} that `by` sees and not everybody does."),
    )
    nouns = names.nouns[:1].upper() + names.nouns[1:]
    own = outside(body, f"tests.factories.{names.plural}")
    return module(f"{nouns} for tests.", own, artifact=path)


def _row(entity: EntityCases) -> Code:
    values = entity.factory.values
    items = [fill("{}: {}, ", literal(value.name), value.code) for value in values]
    if entity.media_type:
        kept = symbol("tests.file_cases", "kept_file")
        table, media_type = literal(entity.names.plural), literal(entity.media_type)
        items.insert(0, fill("**await {}({}, by.tenant_id, {}), ", kept, table, media_type))
    return fill("{{{}**values}}", join("", items))


def _doc(text: str) -> Code:
    return docstring(text, indent=4)


def _hidden(names: EntityNames, given: Given) -> tuple[object, Code]:
    return made(given.before, _BY), make(names, _BY, given.values)


def _given(given: Given) -> tuple[object, Code]:
    return made(given.before, _BY), mapping(given.values)
