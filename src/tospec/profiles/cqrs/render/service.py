"""`app/services/<entities>.py`: what may happen to rows."""

from collections.abc import Iterator

from tospec.ir.events import Emission
from tospec.ir.logic import Resource
from tospec.ir.names import EntityNames
from tospec.ir.services import Tie
from tospec.profiles.cqrs.render.environment import TEMPLATES
from tospec.profiles.cqrs.render.restoring import restorable_attribute, restorable_repository
from tospec.profiles.cqrs.render.service_methods import methods_of
from tospec.profiles.cqrs.render.statements import model_of, own_policy
from tospec.profiles.cqrs.render.variables import row_variable, rows_variable, type_name
from tospec.python import Code, attribute, docstring, fill, identifier, module, symbol


def render_service(resource: Resource, path: str) -> str:
    """Return the module of an entity's service."""
    names = resource.entity.names
    body = TEMPLATES.render(
        "service.py.j2",
        artifact=path,
        type=type_name(f"{names.type}Service"),
        docstring=docstring(f"What may happen to {names.nouns}.", indent=4),
        parts=list(_parts(resource)),
        row=row_variable(names),
        rows=rows_variable(names),
        noun=identifier(names.singular) if "_" not in names.singular else _noun(names),
        model=model_of(resource.entity),
        policy=own_policy(resource.entity),
        restorable=restorable_attribute(names) if resource.service.restore else None,
        methods=list(methods_of(resource)),
    )
    return module(f"Business rules of {names.nouns}.", body, artifact=path)


def _noun(names: EntityNames) -> Code:
    return Code(attribute(names.singular).text.replace("_", " "))


def _parts(resource: Resource) -> Iterator[tuple[Code, Code]]:
    """Return the attributes of a service: repositories, mentions, other services."""
    own = resource.entity.names
    others = {names.plural: names for names in _others(resource) if names.plural != own.plural}
    for names in (own, *(others[key] for key in sorted(others))):
        yield rows_variable(names), _repository(names)
    if resource.service.restore:
        maker = restorable_repository(own)
        yield fill("restorable_{}", rows_variable(own)), fill("{}(transaction)", maker)
    if _mentions(resource):
        maker = symbol("app.repositories.mentions", "MentionRepository")
        yield Code("mentions"), fill("{}(transaction)", maker)
    for names in _services(resource):
        maker = symbol(f"app.services.{names.plural}", f"{names.type}Service")
        name = fill("{}_service", attribute(names.singular))
        yield name, fill("{}(transaction, actor, settings)", maker)


def _others(resource: Resource) -> Iterator[EntityNames]:
    service = resource.service
    yield from (reference.to for reference in service.references)
    yield from (link.to for link in service.links)
    if service.delete:
        yield from (dependent.entity for dependent in service.delete.dependents)
    for emission in _emissions(resource):
        yield from (hop.to for hop in emission.links.hops) if emission.links else ()


def _services(resource: Resource) -> list[EntityNames]:
    dependents = resource.service.delete.dependents if resource.service.delete else ()
    removed = (d for d in dependents if d.tie is Tie.REMOVE and not d.is_self)
    found = {dependent.entity.singular: dependent.entity for dependent in removed}
    return [found[name] for name in sorted(found)]


def _mentions(resource: Resource) -> bool:
    return any(emission.mentions for emission in _emissions(resource))


def _emissions(resource: Resource) -> list[Emission]:
    service = resource.service
    return [
        *(service.create.emissions if service.create else ()),
        *(service.update.emissions if service.update else ()),
        *(service.delete.emissions if service.delete else ()),
        *(service.restore.emissions if service.restore else ()),
        *(service.lifecycle.emissions if service.lifecycle else ()),
        *service.link_emissions,
    ]


def _repository(names: EntityNames) -> Code:
    maker = symbol(f"app.repositories.{names.plural}", f"{names.type}Repository")
    return fill("{}(transaction)", maker)
