"""Items and bodies of bulks as classes of the wire format."""

from collections.abc import Iterator

from tospec.ir.bulks import BulkBody, BulkItem
from tospec.ir.entities import Entity
from tospec.ir.operations import Operation
from tospec.profiles.cqrs.render.members import sent_type
from tospec.profiles.cqrs.render.schema_parts import Schema, absent
from tospec.profiles.cqrs.render.variables import type_name
from tospec.python import Code, attribute, docstring, fill, join, literal, symbol


def bulk_about(operation: Operation) -> str:
    """Return what the body of a bulk is, in a sentence."""
    return f"What a client sends for `{operation.name}`."


def bulk_schemas(entity: Entity, operation: Operation) -> Iterator[Schema]:
    """Return the classes of a bulk: its items, then its body."""
    if operation.bulk is None:
        return
    yield from (_item(entity, item) for item in operation.bulk.items)
    yield Schema(
        type=type_name(operation.body or ""),
        base=_bulk("BulkInput"),
        docstring=docstring(bulk_about(operation), indent=4),
        members=(fill("items: {}", _items(operation.bulk)),),
    )


def _item(entity: Entity, item: BulkItem) -> Schema:
    base = _bulk("VersionedItem" if item.versioned else "BulkItem")
    has_input = item.body is not None and not item.is_update
    left_out = absent({member.name for member in item.changed})
    return Schema(
        type=type_name(item.type),
        base=fill("{}, {}", type_name(item.body or ""), base) if has_input else base,
        docstring=docstring(item.about, indent=4),
        members=(
            fill("do: {}[{}]", symbol("typing", "Literal"), literal(item.change)),
            *(
                fill("{}: {} = {}", attribute(m.name), sent_type(entity.names, m), left_out)
                for m in item.changed
            ),
        ),
    )


def _items(body: BulkBody) -> Code:
    annotated, field = symbol("typing", "Annotated"), symbol("pydantic", "Field")
    kinds = join(" | ", (type_name(item.type) for item in body.items))
    chosen = fill("{}(discriminator={})", field, _bulk("CHANGE"))
    item = fill("{}[{}, {}, {}]", annotated, kinds, chosen, _bulk("Told"))
    size = fill("{}(min_length=1, max_length={})", field, literal(body.most))
    return fill("{}[list[{}], {}, {}]", annotated, item, size, _bulk("Once"))


def _bulk(name: str) -> Code:
    return symbol("app.schemas.bulk", name)
