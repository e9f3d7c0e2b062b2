"""Whatever an entity is called, a spec is refused with a reason, or it can be rendered."""

import pytest

from tests.lowering.specs import entity, reading_of, system_of
from tospec.lowering.backend import backend_of
from tospec.lowering.capability import unbuildable
from tospec.profiles.cqrs.places import CqrsPlaces
from tospec.profiles.cqrs.profile import PROFILE

NOUNS = [
    "Account",
    "Action",
    "Address",
    "Body",
    "Boolean",
    "Card",
    "Category",
    "Change",
    "Comment",
    "Company",
    "Data",
    "Event",
    "Exception",
    "Field",
    "File",
    "Filter",
    "Folder",
    "Handler",
    "Item",
    "Job",
    "Key",
    "Label",
    "Limit",
    "Link",
    "Listing",
    "Message",
    "Model",
    "News",
    "Operation",
    "Order",
    "Page",
    "Person",
    "Policy",
    "Process",
    "Reference",
    "Result",
    "Review",
    "Row",
    "Schedule",
    "Service",
    "Session",
    "Statement",
    "Status",
    "Step",
    "Task",
    "Transaction",
    "Tree",
    "Update",
    "Value",
    "Version",
    "Visible",
    "Word",
    "Work",
]


def thing(name: str) -> str:
    return entity(f"""
entity: {name}
fields:
  name: {{type: string, length: [1, 50]}}
  size: {{type: enum, values: [small, large], default: small}}
relations:
  above: {{to: {name}, inverse: below, optional: true, on_delete: set_null}}
  people: {{to: User, many: true, inverse: things, write: links, permission: "all:write"}}
  maker: {{to: User, generated: principal, inverse: made}}
unique:
  - {{fields: [name], ignore_case: true}}
concurrency: optimistic
audit: true
list: {{filter: [size, maker], search: [name], sort: [name], default_sort: name}}
policy:
  visible: "maker == principal.id"
  allow: {{delete: "exists(people, id == principal.id)"}}
lifecycle:
  field: stage
  initial: open
  terminal: [shut]
  permission: "all:write"
  transitions:
    shut: {{from: [open], to: shut}}
""")


@pytest.mark.parametrize("name", NOUNS)
def test_an_entity_of_any_name_is_refused_or_built(name: str) -> None:
    reading = reading_of(thing(name))
    if reading.system is None:
        assert all(diagnostic.message for diagnostic in reading.diagnostics)
    elif not unbuildable(reading.system):
        tree = PROFILE.render(backend_of(reading.system, CqrsPlaces()))
        assert f"class {name}" in "".join(file.text for file in tree)


def test_ordinary_names_are_built() -> None:
    built = [
        name
        for name in NOUNS
        if (found := reading_of(thing(name)).system) and not unbuildable(found)
    ]

    assert {"Company", "Order", "Person", "Task", "Status", "Review"} <= set(built)


COMMAND = """
```yaml tospec
command: RepeatOrder
http: POST /v1/orders/{order}/again
permission: "all:write"
do:
  - update: order
    set: {name: "'again'"}
```
"""


def test_a_public_command_is_refused() -> None:
    public = COMMAND.replace('permission: "all:write"', "public: true")

    assert [p.code for p in unbuildable(system_of(thing("Order"), public))] == ["TS1201"]
    assert unbuildable(system_of(thing("Order"), COMMAND)) == ()


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ("created_at + duration('1d')", ["TS1201"]),
        ("updated_at - created_at", ["TS1201"]),
        ("created_at", []),
        ("created_at + duration('1d') < now()", []),
    ],
)
def test_a_time_that_a_database_would_reckon_is_refused(value: str, codes: list[str]) -> None:
    computed = thing("Order").replace("relations:", f'computed:\n  due: "{value}"\nrelations:', 1)

    assert [p.code for p in unbuildable(system_of(computed))] == codes
