"""From entities and operations to the wire format."""

from collections.abc import Iterator
from typing import Final

from tospec.ir.entities import Entity as Data
from tospec.ir.listing import Filter, FilterKind
from tospec.ir.schemas import Body, Member, MemberKind, Parameter, Parameters, Schemas, View
from tospec.lowering import members, naming
from tospec.model import Entity, Kind, Operation, System
from tospec.model import View as ModelView
from tospec.python import pascal, snake, title_words

DELETED_SORT: Final = "-created_at"
"""Order of deleted rows: nothing else is a time that every row has."""


def schemas_of(system: System, entity: Entity, data: Data) -> Schemas:
    """Return the wire format of an entity."""
    operations = system.operations_of(entity.name)
    return Schemas(
        bodies=tuple(_bodies(entity, data, operations)),
        parameters=tuple(_parameters(entity, data, operations)),
        views=tuple(_view(entity, data, view) for view in system.views if view.of == entity.name),
    )


def create_body(data: Data) -> str:
    """Return the class of what creates a row."""
    return f"{data.names.type}Create"


def update_body(data: Data) -> str:
    """Return the class of what changes a row."""
    return f"{data.names.type}Update"


def input_body(data: Data, operation: Operation) -> str | None:
    """Return the class of a transition's or action's input, if it has one."""
    if not operation.input:
        return None
    if operation.kind is Kind.TRANSITION and operation.transition:
        return f"{data.names.type}{pascal(operation.transition)}"
    return f"{operation.name}Input"


def parameters_type(data: Data, operation: Operation) -> str:
    """Return the class of a list's parameters."""
    if is_own_list(operation):
        return f"{data.names.type}ListParameters"
    return f"{operation.name}Parameters"


def is_own_list(operation: Operation) -> bool:
    """Whether a list is the entity's own rather than a query of the spec."""
    return operation.origin != "spec" and operation.kind is not Kind.DELETED


def wire_name(entity: Entity, name: str) -> str:
    """Return how a body calls a field or relation."""
    relation = entity.relation(name)
    return members.relation_member(relation).name if relation else name


def view_type(entity: Entity, name: str) -> str:
    """Return the class of a view; it never is that of the entity itself."""
    return f"{name}View" if name == naming.entity_names(entity.name).type else name


def writable_members(entity: Entity) -> tuple[Member, ...]:
    """Return what a client may send to create a row; what the path says is left out."""
    fields = (f for f in entity.fields if f.writable and f.name != entity.state_field)
    relations = (r for r in entity.relations if r.writable and r.name != entity.under)
    return (
        *(members.field_member(entity, field) for field in fields),
        *(members.relation_member(relation) for relation in relations),
    )


def changeable_members(entity: Entity) -> tuple[Member, ...]:
    """Return what a client may send to change a row."""
    fields = (f for f in entity.fields if f.changeable and f.name != entity.state_field)
    return (
        *(members.field_member(entity, field) for field in fields),
        *(members.relation_member(each) for each in entity.relations if each.changeable),
    )


def _bodies(entity: Entity, data: Data, operations: tuple[Operation, ...]) -> Iterator[Body]:
    a_noun = data.names.a_noun
    kinds = {operation.kind for operation in operations}
    if Kind.CREATE in kinds:
        about = f"What a client sends to create {a_noun}."
        yield Body(type=create_body(data), about=about, members=writable_members(entity))
    if Kind.UPDATE in kinds:
        about = f"What a client may change of {a_noun}; what is left out stays as it is."
        changeable = changeable_members(entity)
        yield Body(type=update_body(data), about=about, members=changeable, is_change=True)
    for operation in operations:
        if type_ := input_body(data, operation):
            yield _input_body(data, operation, type_)


def _input_body(data: Data, operation: Operation, type_: str) -> Body:
    about = f"What a client sends for `{operation.name}`."
    if operation.transition:
        verb = operation.transition.replace("_", " ")
        about = f"What a client sends to {verb} {data.names.a_noun}."
    prefix = snake(type_)
    inputs = tuple(members.input_member(prefix, field) for field in operation.input)
    return Body(type=type_, about=about, members=inputs)


def _parameters(
    entity: Entity, data: Data, operations: tuple[Operation, ...]
) -> Iterator[Parameters]:
    for operation in operations:
        if operation.kind is Kind.DELETED:
            yield _parameters_of_deleted(data, operation)
        if operation.kind is not Kind.LIST:
            continue
        own = is_own_list(operation)
        filters = data.listing.filters if own else ()
        yield Parameters(
            type=parameters_type(data, operation),
            about=_about_list(data, operation, filters),
            filters=tuple(_parameter(entity, each) for each in filters),
            sorts=data.listing.sorts,
            default_sort=(operation.sort if not own else None) or data.listing.default_sort,
        )


def _parameters_of_deleted(data: Data, operation: Operation) -> Parameters:
    return Parameters(
        type=parameters_type(data, operation),
        about=f"Which part of the deleted {data.names.nouns} is wanted.",
        filters=(),
        sorts=(),
        default_sort=DELETED_SORT,
    )


def _about_list(data: Data, operation: Operation, filters: tuple[Filter, ...]) -> str:
    if not is_own_list(operation):
        return f"How the {data.names.nouns} of `{operation.name}` are sorted."
    ways = ["sorted"]
    if any(each.kind is FilterKind.SEARCH for each in filters):
        ways.insert(0, "searched")
    if any(each.kind is not FilterKind.SEARCH for each in filters):
        ways.insert(0, "filtered")
    listed = " and ".join((", ".join(ways[:-1]), ways[-1])) if len(ways) > 1 else ways[0]
    return f"How the {data.names.nouns} are {listed}."


def _parameter(entity: Entity, filter_: Filter) -> Parameter:
    if filter_.kind is FilterKind.SEARCH:
        return Parameter(filter=filter_, member=None)
    if filter_.kind is FilterKind.LINKED:
        return Parameter(filter=filter_, member=Member(name=filter_.name, kind=MemberKind.UUID))
    return Parameter(filter=filter_, member=members.member_of(entity, filter_.of))


def _view(entity: Entity, data: Data, view: ModelView) -> View:
    return View(
        name=view.name,
        type=view_type(entity, view.name),
        about=_about_view(entity, data, view),
        members=(
            *(members.member_of(entity, name) for name in view.fields),
            *map(members.computed_member, view.measures),
        ),
    )


def _about_view(entity: Entity, data: Data, view: ModelView) -> str:
    if view.measures:
        return f"{title_words(view.name.removesuffix('View'))}."
    article = data.names.a_noun[:1].upper() + data.names.a_noun[1:]
    match (view.name == entity.item_view, view.name == entity.list_view):
        case (True, True):
            return f"{article}."
        case (True, False):
            return f"{article} with everything there is to see."
        case (False, True):
            return f"{article} as lists show it."
        case _:
            return f"{title_words(view.name)}."
