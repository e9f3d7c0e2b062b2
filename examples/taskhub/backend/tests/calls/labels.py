"""Calls of the operations on labels."""

from typing import Any, Final

from app.authorization.permissions import Role
from app.core.preconditions import entity_tag
from app.models.label import Label
from tests.cases import Call, Operation, wire
from tests.factories.labels import least_label, make_label
from tests.world import Person, number


async def create_label(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `CreateLabel`."""
    return CREATE_LABEL.call(body={**await least_label(by), **wire(values)})


async def get_label(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `GetLabel`."""
    label = await make_label(by, **values)
    return GET_LABEL.call(label_id=label.id)


async def list_labels(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `ListLabels`."""
    return LIST_LABELS.call()


async def update_label(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `UpdateLabel`."""
    label = await make_label(by, **values)
    return UPDATE_LABEL.call(
        label_id=label.id, body={"name": f"Name {number()}"}, if_match=entity_tag(label)
    )


async def delete_label(by: Person, /, **values: Any) -> Call:
    """Prepare a call of `DeleteLabel`."""
    label = await make_label(by, **values)
    return DELETE_LABEL.call(label_id=label.id, if_match=entity_tag(label))


async def row_of_list_labels(by: Person, call: Call, /, **values: Any) -> Label:
    """Make a row that the answer to `ListLabels` holds."""
    return await make_label(by, **values)


CREATE_LABEL: Final = Operation(
    name="CreateLabel",
    method="POST",
    path="/v1/labels",
    arrange=create_label,
    success=201,
    roles=(Role.OWNER, Role.ADMIN),
    requirements=("REQ-010",),
    has_body=True,
    audit="label.create",
)
GET_LABEL: Final = Operation(
    name="GetLabel",
    method="GET",
    path="/v1/labels/{label_id}",
    arrange=get_label,
    success=200,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER, Role.VIEWER),
    requirements=("REQ-010",),
)
LIST_LABELS: Final = Operation(
    name="ListLabels",
    method="GET",
    path="/v1/labels",
    arrange=list_labels,
    success=200,
    roles=(Role.OWNER, Role.ADMIN, Role.MEMBER, Role.VIEWER),
    requirements=("REQ-010",),
    row=row_of_list_labels,
)
UPDATE_LABEL: Final = Operation(
    name="UpdateLabel",
    method="PATCH",
    path="/v1/labels/{label_id}",
    arrange=update_label,
    success=200,
    roles=(Role.OWNER, Role.ADMIN),
    requirements=("REQ-010",),
    has_body=True,
    conditional=True,
    demands_condition=True,
    audit="label.update",
)
DELETE_LABEL: Final = Operation(
    name="DeleteLabel",
    method="DELETE",
    path="/v1/labels/{label_id}",
    arrange=delete_label,
    success=204,
    roles=(Role.OWNER, Role.ADMIN),
    requirements=("REQ-010",),
    conditional=True,
    audit="label.delete",
)

OPERATIONS: Final = (
    CREATE_LABEL,
    GET_LABEL,
    LIST_LABELS,
    UPDATE_LABEL,
    DELETE_LABEL,
)
