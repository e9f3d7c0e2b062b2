"""Operations that follow from entities: on single rows, moves, links."""

from collections.abc import Iterator
from typing import Final

from tospec.model import Entity, Kind, Operation, Relation, Transition, Write
from tospec.syntax.conventions import rest_1

_METHODS: Final = {
    "create": "POST",
    "read": "GET",
    "list": "GET",
    "update": "PATCH",
    "delete": "DELETE",
    "restore": "POST",
}


def sugar_operations(entity: Entity, entities: dict[str, Entity]) -> Iterator[Operation]:
    """Yield the operations that `crud`, `lifecycle` and links of an entity stand for."""
    for verb, permission in entity.crud:
        yield _crud(entity, verb, permission, entities)
        if entity.file and verb == "read":
            yield _download(entity, permission)
        if verb == "restore":
            yield _deleted(entity, permission)
    for transition in entity.lifecycle.transitions if entity.lifecycle else ():
        yield _transition(entity, transition)
    for relation in entity.relations:
        if relation.many and relation.write is Write.LINKS:
            yield from _links(entity, relation)


def _crud(entity: Entity, verb: str, permission: str, entities: dict[str, Entity]) -> Operation:
    kind = Kind(verb)
    return Operation(
        name=rest_1.crud_name(verb, entity.name),
        kind=kind,
        entity=entity.name,
        method=_METHODS[verb],
        path=_crud_path(entity, verb, entities),
        permission=permission or None,
        view=_crud_view(entity, kind),
        requirements=_requirements(entity, kind),
        span=entity.span,
        policy=_policy(entity, verb),
        upload=entity.file is not None and kind is Kind.CREATE,
        origin="crud",
    )


def _download(entity: Entity, permission: str) -> Operation:
    return Operation(
        name=rest_1.download_name(entity.name),
        kind=Kind.DOWNLOAD,
        entity=entity.name,
        method="GET",
        path=rest_1.content_path(entity.name),
        permission=permission or None,
        view=None,
        requirements=entity.requirements,
        span=entity.span,
        origin="crud",
    )


def _deleted(entity: Entity, permission: str) -> Operation:
    return Operation(
        name=rest_1.deleted_name(entity.name),
        kind=Kind.DELETED,
        policy=_policy(entity, "restore"),
        entity=entity.name,
        method="GET",
        path=rest_1.deleted_path(entity.name),
        permission=permission or None,
        view=entity.list_view,
        requirements=entity.requirements,
        span=entity.span,
        origin="crud",
    )


def _crud_path(entity: Entity, verb: str, entities: dict[str, Entity]) -> str:
    if verb == "restore":
        return rest_1.transition_path(entity.name, verb)
    if verb not in ("create", "list"):
        return rest_1.item(entity.name)
    relation = entity.relation(entity.under) if entity.under else None
    if relation is None or relation.to not in entities:
        return rest_1.collection(entity.name)
    return rest_1.below(relation.to, entity.name)


def _crud_view(entity: Entity, kind: Kind) -> str | None:
    if kind is Kind.DELETE:
        return None
    return entity.list_view if kind is Kind.LIST else entity.item_view


def _requirements(entity: Entity, kind: Kind) -> tuple[str, ...]:
    of_list = entity.listing.requirements if kind is Kind.LIST else ()
    return tuple(dict.fromkeys((*entity.requirements, *of_list)))


def _policy(entity: Entity, verb: str) -> str | None:
    decides = verb in ("update", "delete", "restore") and entity.policy and entity.policy.of(verb)
    return verb if decides else None


def _transition(entity: Entity, transition: Transition) -> Operation:
    return Operation(
        name=rest_1.transition_name(entity.name, transition.name),
        kind=Kind.TRANSITION,
        entity=entity.name,
        method="POST",
        path=rest_1.transition_path(entity.name, transition.name),
        permission=transition.permission or None,
        view=entity.item_view,
        requirements=entity.requirements,
        span=transition.span,
        policy=transition.policy,
        transition=transition.name,
        input=transition.input,
        require=transition.require,
        origin="lifecycle",
    )


def _links(entity: Entity, relation: Relation) -> Iterator[Operation]:
    names = rest_1.link_names(entity.name, relation.name)
    kinds = ((Kind.LINK, "PUT", entity.item_view), (Kind.UNLINK, "DELETE", None))
    for name, (kind, method, view) in zip(names, kinds, strict=True):
        yield Operation(
            name=name,
            kind=kind,
            entity=entity.name,
            method=method,
            path=rest_1.link_path(entity.name, relation.name, relation.to),
            permission=relation.permission,
            view=view,
            requirements=entity.requirements,
            span=relation.span,
            policy=_policy(entity, "update"),
            relation=relation.name,
            origin="links",
        )
