"""Answers: views, lists, errors, scenarios, limits of accounts."""

from collections.abc import Iterator
from dataclasses import replace

from tests.verify.mutants.base import Mutant, at, mutant, own, with_entity, with_operation, without
from tospec.model import Entity, FieldType, Kind, ListOptions, Operation, System, View

_TEXTS = frozenset((FieldType.STRING, FieldType.TEXT))
_LISTS = "lists undeclared openapi injection protocol answers stateful"


def mutants(system: System) -> Iterator[Mutant]:
    """Change what answers look like and what lists offer."""
    yield from _of_views(system)
    for entity in own(system):
        yield from _of_list(system, entity)
    yield from _of_queries(system)
    yield from _of_errors(system)
    yield from _of_scenarios(system)
    yield from _of_accounts(system)
    yield from _of_keys(system)
    yield from _of_rates(system)
    yield from _of_page(system)


def _of_views(system: System) -> Iterator[Mutant]:
    for place, view in enumerate(system.views):
        users = _users(system, view)
        if not users or system.entity(view.of).built_in:
            continue
        hidden = _hidden(system, view)
        changes = [
            (f"without {name}", without(view.fields, position))
            for position, name in enumerate(view.fields)
            if name != "id"
        ]
        changes += [(f"with {name}", (*view.fields, name)) for name in hidden[:1]]
        for change, fields in changes:
            mutated = replace(system, views=at(system.views, place, replace(view, fields=fields)))
            about = (view.name, *users)
            name = f"view {view.name}"
            yield mutant("view", name, change, mutated, kinds="answers openapi lists", about=about)


def _users(system: System, view: View) -> tuple[str, ...]:
    return tuple(o.name for o in system.operations if o.view == view.name)


def _hidden(system: System, view: View) -> list[str]:
    entity = system.entity(view.of)
    return [f.name for f in entity.fields if f.name not in view.fields and not f.secret]


def _of_list(system: System, entity: Entity) -> Iterator[Mutant]:
    operation = next(
        (o.name for o in system.operations_of(entity.name) if o.kind is Kind.LIST), None
    )
    if operation is None:
        return
    for change, listing in _listings(entity):
        yield mutant(
            "list",
            f"list {entity.name}",
            change,
            with_entity(system, replace(entity, listing=listing)),
            kinds=_LISTS,
            about=(operation, f"entity {entity.name}", f"{entity.name}."),
        )


def _listings(entity: Entity) -> Iterator[tuple[str, ListOptions]]:
    listing = entity.listing
    for place, name in enumerate(listing.filter):
        yield f"no filter {name}", replace(listing, filter=without(listing.filter, place))
    others = [f.name for f in entity.fields if f.origin == "spec" and f.name not in listing.filter]
    for name in others[:2]:
        yield f"filter {name}", replace(listing, filter=(*listing.filter, name))
    for place, name in enumerate(listing.search):
        yield f"no search in {name}", replace(listing, search=without(listing.search, place))
    texts = [f.name for f in entity.fields if f.writable and f.type in _TEXTS]
    for name in [name for name in texts if name not in listing.search][:1]:
        yield f"search in {name}", replace(listing, search=(*listing.search, name))
    for place, name in enumerate(listing.sort):
        if name != listing.default_sort.removeprefix("-"):
            yield f"no sort by {name}", replace(listing, sort=without(listing.sort, place))
    others = [f.name for f in entity.fields if f.origin == "spec" and f.name not in listing.sort]
    for name in others[:2]:
        yield f"sort by {name}", replace(listing, sort=(*listing.sort, name))
    name = listing.default_sort
    reverse = name.removeprefix("-") if name.startswith("-") else f"-{name}"
    yield f"default sort {reverse}", replace(listing, default_sort=reverse)


def _of_queries(system: System) -> Iterator[Mutant]:
    for operation in system.operations:
        for change, changed in _queries(operation):
            mutated = with_operation(system, operation.name, **changed)
            name = f"operation {operation.name}"
            yield mutant("query", name, change, mutated, kinds=_LISTS, about=(operation.name,))


def _queries(operation: Operation) -> Iterator[tuple[str, dict[str, str | None]]]:
    if operation.where is not None:
        yield "lists everything", {"where": None}
    if operation.sort is not None:
        yield "other way round", {"sort": f"-{operation.sort}"}


def _of_errors(system: System) -> Iterator[Mutant]:
    for place, error in enumerate(system.errors):
        changed = replace(error, status=422 if error.status != 422 else 409)
        mutated = replace(system, errors=at(system.errors, place, changed))
        yield mutant(
            "error",
            f"error {error.code}",
            f"status {changed.status}",
            mutated,
            kinds="rules transitions scenarios openapi references stateful",
            about=_tellers(system, error.code),
        )


def _tellers(system: System, code: str) -> tuple[str, ...]:
    """Return what cases that meet an error are called."""
    names = [code, "scenario"]
    for entity in own(system):
        trees = [r.tree.error for r in entity.relations if r.tree is not None]
        if code in [*trees, *(rule.requirement.error for rule in entity.rules)]:
            names += [f"entity {entity.name}", f"{entity.name}."]
            names += [o.name for o in system.operations_of(entity.name)]
    names += [o.name for o in system.operations if code in [r.error for r in o.require]]
    return tuple(dict.fromkeys(names))


def _of_scenarios(system: System) -> Iterator[Mutant]:
    for place, scenario in enumerate(system.scenarios):
        changed = replace(scenario, status=418)
        mutated = replace(system, scenarios=at(system.scenarios, place, changed))
        name = f"scenario {scenario.title}"
        yield mutant("scenario", name, "status 418", mutated, kinds="scenarios", about=("",))


def _of_accounts(system: System) -> Iterator[Mutant]:
    auth = system.auth
    if auth is None:
        return
    least, most = auth.password_length
    kinds = "sessions validation authentication answers"
    for change, changed in (
        ("lock one failure later", replace(auth, lockout_failures=auth.lockout_failures + 1)),
        ("lock one failure earlier", replace(auth, lockout_failures=auth.lockout_failures - 1)),
        ("passwords one longer", replace(auth, password_length=(least + 1, most))),
        ("passwords one shorter", replace(auth, password_length=(least - 1, most))),
    ):
        mutated = replace(system, auth=changed)
        yield mutant("accounts", "auth", change, mutated, kinds=kinds, about=("",))


def _of_keys(system: System) -> Iterator[Mutant]:
    known = system.idempotency
    if known is None:
        return
    changes = {
        "dropped": (None, "a backend may heed keys that nobody asked it to"),
        "kept twice as long": (replace(known, keep=2 * known.keep), "no run takes so long"),
    }
    for change, (other, why) in changes.items():
        mutated = replace(system, idempotency=other)
        kinds = "idempotency openapi"
        yield mutant("keys", "idempotency", change, mutated, kinds=kinds, unobservable=why)


def _of_page(system: System) -> Iterator[Mutant]:
    page = system.admin
    if page is None:
        return
    off = replace(system, admin=replace(page, enabled=not page.enabled))
    yield mutant("page", "admin page", "the other way", off, kinds="admin-page", about=("",))
    why = "a backend may have a page that nobody asked for"
    none = replace(system, admin=None)
    yield mutant("page", "admin page", "dropped", none, kinds="admin-page", unobservable=why)


def _of_rates(system: System) -> Iterator[Mutant]:
    known = system.rate_limits
    if known is None:
        return
    twice = replace(known.default, requests=2 * known.default.requests)
    changes = {
        "dropped": (None, "a backend may limit what nobody asked it to"),
        "twice as many": (replace(known, default=twice), "an installation may set another number"),
    }
    for change, (other, why) in changes.items():
        mutated = replace(system, rate_limits=other)
        yield mutant("rates", "rate limits", change, mutated, kinds="rate-limits", unobservable=why)
