"""`app/repositories/<entities>.py`: data access for one entity."""

from collections.abc import Iterator
from dataclasses import dataclass

from tospec.ir.columns import column_of
from tospec.ir.conditions import Computed
from tospec.ir.entities import Entity, Tree
from tospec.ir.listing import Filter, FilterKind, FixedList
from tospec.ir.measures import Counted, Measures
from tospec.ir.places import Room
from tospec.ir.tables import CounterTable, LinkTable, WordTable
from tospec.profiles.cqrs.places import error, model, model_module, room
from tospec.profiles.cqrs.render.computed import declared
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.restoring import restorable
from tospec.python import (
    Code,
    attribute,
    docstring,
    fill,
    identifier,
    join,
    literal,
    module,
    symbol,
)

_FILTERS = "app.db.filters"
_SEARCHING = "app.repositories.searching"
_WATCHED = symbol("app.repositories.watched", "WatchedRepository")
_BATCHED = symbol("app.repositories.batches", "BatchedRepository")
_PLAIN = symbol("app.repositories.entities", "EntityRepository")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fixed:
    method: Code
    docstring: Code
    text: Code
    aliases: tuple[Code, ...]
    condition: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    method: Code
    parameter: Code
    view: Code
    docstring: Code
    values: tuple[tuple[Code, Code], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Under:
    method: Code
    parameter: Code
    docstring: Code
    arguments: tuple[Code, ...]
    sent: Code


def render_repository(entity: Entity, path: str) -> str:
    """Return the module of an entity's repository."""
    listing = entity.listing
    body = TEMPLATES.render(
        "repository.py.j2",
        artifact=path,
        names=_names(entity),
        filters=[(attribute(f.name), _filter_field(f)) for f in listing.filters],
        conditions=list(_conditions(entity)),
        bases=_bases(entity),
        links=[_link(entity, link) for link in entity.links],
        unlisted=_unlisted(entity),
        searched=_searched(entity, entity.words) if entity.words else None,
        trees=[_tree(tree) for tree in entity.trees],
        computed=[_computed(entity, each.name) for each in entity.computed],
        counters=[_counter(entity, each) for each in entity.counters],
        under=_under(entity, listing.under) if listing.under else None,
        fixed=[_fixed(entity, each) for each in listing.fixed],
        measured=[_measured(entity, each) for each in entity.measures],
        counted=[_counted(each) for each in entity.counted],
        restorable=restorable(entity) if entity.restores else None,
    )
    return module(f"Data access for {entity.names.nouns}.", body, artifact=path)


def _bases(entity: Entity) -> Code:
    """Return what a repository is, each of which adds something to what is below it."""
    kinds = [_BATCHED] if entity.worked_on else []
    kinds += [_WATCHED] if entity.counted else []
    kinds += [symbol(_SEARCHING, "SearchedRepository")] if entity.words else []
    return join(", ", (fill("{}[{}]", each, model(entity.names)) for each in kinds or [_PLAIN]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    model: Code
    table: Code
    repository: Code
    filters: Code
    repository_docstring: Code
    filters_docstring: Code
    matching_docstring: Code


def _names(entity: Entity) -> _Names:
    type_, nouns = model(entity.names), entity.names.nouns
    matching = f"Return a page of the {nouns} that pass `filters` and are `visible`."
    return _Names(
        model=type_,
        table=_table(entity, entity.table.name),
        repository=Code(f"{type_.text}Repository"),
        filters=Code(f"{type_.text}Filters"),
        repository_docstring=docstring(
            f"{nouns[:1].upper()}{nouns[1:]} of one tenant at a time.", indent=4
        ),
        filters_docstring=docstring(
            f"What a list of {nouns} is narrowed down to; None and () leave it as it is.", indent=4
        ),
        matching_docstring=docstring(matching, indent=8),
    )


def _filter_field(filter_: Filter) -> Code:
    if filter_.is_many:
        return fill("tuple[{}, ...] = ()", filter_.type)
    return fill("{} | None = None", filter_.type)


def _conditions(entity: Entity) -> Iterator[tuple[Code, Code]]:
    """Return the conditions of an entity's lists, each with the name of what is sent for it."""
    under = entity.listing.under
    if under is not None:
        equal = symbol(_FILTERS, "equal")
        yield literal(under), fill("{}({}, {})", equal, _column(entity, under), literal(under))
    for filter_ in entity.listing.filters:
        if filter_.kind is not FilterKind.SEARCH:
            yield literal(attribute(filter_.name).text), _condition(entity, filter_)


def _condition(entity: Entity, filter_: Filter) -> Code:
    wanted = literal(attribute(filter_.name).text)
    helper = symbol(_FILTERS, _HELPERS[filter_.kind])
    if filter_.kind is FilterKind.LINKED:
        return _linked(entity, filter_, helper, wanted)
    value = _called(entity, filter_.computed) if filter_.computed else None
    return fill("{}({}, {})", helper, value or _column(entity, filter_.columns[0]), wanted)


def _linked(entity: Entity, filter_: Filter, helper: Code, wanted: Code) -> Code:
    other = column_of(_table(entity, filter_.table), filter_.columns[1])
    return fill("{}({}, {}, {})", helper, other, wanted, _refers(entity, filter_))


def _refers(entity: Entity, filter_: Filter) -> Code:
    return fill(
        "{}({}, {}, to={})",
        symbol("app.db.subqueries", "refers"),
        _table(entity, filter_.table),
        literal(filter_.columns[0]),
        _table(entity, entity.table.name),
    )


_HELPERS = {
    FilterKind.EQUAL: "equal",
    FilterKind.AMONG: "among",
    FilterKind.AT_LEAST: "at_least",
    FilterKind.AT_MOST: "at_most",
    FilterKind.BEFORE: "before",
    FilterKind.TRUTH: "truth",
    FilterKind.LINKED: "linked",
}


def _link(entity: Entity, link: LinkTable) -> Code:
    return fill(
        "{}(field={}, table={}, own={}, other={})",
        symbol("app.repositories.linking", "ToMany"),
        literal(link.field),
        _table(entity, link.name),
        literal(link.own.column),
        literal(link.other.column),
    )


def _unlisted(entity: Entity) -> Code | None:
    names = join(", ", (literal(attribute(name).text) for name in entity.unlisted))
    return fill("frozenset({{{}}})", names) if entity.unlisted else None


def _searched(entity: Entity, words: WordTable) -> Code:
    return fill(
        "{}(fields={}, table={}, own={})",
        symbol(_SEARCHING, "Searched"),
        literal(words.fields),
        _table(entity, words.name),
        literal(words.own.column),
    )


def _tree(tree: Tree) -> Code:
    return fill(
        "{}(column={}, max_depth={}, error={})",
        symbol("app.repositories.nesting", "Nesting"),
        literal(tree.column),
        literal(tree.max_depth),
        error(tree.error_type),
    )


def _computed(entity: Entity, name: str) -> tuple[Code, Code]:
    return literal(attribute(name).text), _called(entity, name)


def _called(entity: Entity, name: str) -> Code:
    return _value(entity, next(each for each in entity.computed if each.name == name))


def _value(entity: Entity, computed: Computed) -> Code:
    return fill("{}.{}()", room(Room.COMPUTED, entity.names), identifier(computed.function))


def _measured(entity: Entity, measures: Measures) -> _Measured:
    names = entity.names
    return _Measured(
        method=identifier(measures.function),
        parameter=identifier(f"{names.singular}_id"),
        view=symbol(f"app.schemas.{names.plural}", measures.view),
        docstring=docstring(
            f"Return what `{measures.operation}` tells of {names.a_noun}.",
            raises=[("NotFoundError", "If the tenant has none that is `visible`.")],
            indent=8,
        ),
        values=tuple((literal(attribute(m.name).text), _value(entity, m)) for m in measures.values),
    )


def _counted(counted: Counted) -> Code:
    return fill("({}, {})", literal(counted.answer), literal(counted.column))


def _counter(entity: Entity, counter: CounterTable) -> Code:
    return fill(
        "{}(column={}, table={})",
        symbol("app.db.counters", "Numbered"),
        literal(attribute(counter.field).text),
        _table(entity, counter.name),
    )


def _under(entity: Entity, column: str) -> _Under:
    name = column.removesuffix("_id")
    above = f"{entity.names.nouns} of {_with_article(name.replace('_', ' '))}"
    sent = fill("{{{}: {}}}", literal(column), identifier(column))
    about = f"Return a page of the visible {above}."
    arguments: tuple[Code, ...] = ()
    if entity.listing.filters:
        about = f"Return a page of the {above} that pass `filters` and are `visible`."
        arguments = (fill("filters: {}", Code(f"{model(entity.names).text}Filters")),)
        sent = fill("{{**members(filters), {}: {}}}", literal(column), identifier(column))
    return _Under(
        method=fill("of_{}", attribute(name)),
        parameter=identifier(column),
        docstring=docstring(about, indent=8),
        arguments=arguments,
        sent=sent,
    )


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _fixed(entity: Entity, fixed: FixedList) -> _Fixed:
    value = fixed.condition
    about = f"Return a page of the visible {entity.names.nouns} for `{fixed.operation}`."
    return _Fixed(
        method=identifier(fixed.function),
        docstring=docstring(about, indent=8),
        text=docstring(f"`{value.text}`." if value else "Every row.", indent=4),
        aliases=declared(value.aliases) if value else (),
        condition=value.code if value else fill("{}()", symbol("sqlalchemy", "true")),
    )


def _column(entity: Entity, name: str) -> Code:
    return column_of(_table(entity, entity.table.name), name)


def _table(entity: Entity, name: str) -> Code:
    return symbol(model_module(entity.names), identifier(name).text)
