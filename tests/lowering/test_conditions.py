"""Computed values, policies, rules and lists as source."""

import pytest

from tests.lowering.specs import entity, lowered
from tospec.errors import TospecError
from tospec.ir.conditions import Form
from tospec.ir.data import DataModel
from tospec.ir.listing import FilterKind

BOX = entity(
    """
entity: Box
fields:
  name: {type: string, length: [1, 9]}
  open: {type: bool, default: true}
policy:
  visible: "open || principal.role == 'boss'"
  allow:
    update: "principal.has('all:write')"
"""
)
THING = """
entity: Thing
fields:
  name: {type: string, length: [1, 9]}
  size: {type: int, range: [0, 99]}
  due_at: {type: timestamp, optional: true}
  values: {type: int, range: [0, 99], default: 0}
relations:
  box: {to: Box, inverse: things}
  parent: {to: Thing, inverse: parts, optional: true, on_delete: set_null}
  owners: {to: User, many: true, inverse: owned, max: 9}
"""


def thing(more: str) -> DataModel:
    return lowered(BOX, entity(THING + more))


def computed(expression: str) -> tuple[str, list[str]]:
    found = thing(f'computed:\n  x: "{expression}"\n').entity("Thing").computed[0].value
    aliases = [f"{alias.variable} = {alias.table.text}" for alias in found.aliases]
    return found.code.text, aliases


@pytest.mark.parametrize(
    ("expression", "code", "aliases"),
    [
        ("size > 3", "thing.c.size > 3", []),
        ("values > 3", "thing.c['values'] > 3", []),
        (
            "box.open",
            "value_of(box, box.c.open, refers(thing, 'box_id', to=box))",
            ["box = boxes"],
        ),
        (
            "parent == null || parent.box.open",
            "or_(thing.c.parent_id.is_(None), value_of(parent, value_of(box, box.c.open, "
            "refers(parent, 'box_id', to=box)), refers(thing, 'parent_id', to=parent)))",
            ["parent = things", "box = boxes"],
        ),
        (
            "count(parts, size > thing.size)",
            "count_of(part, refers(part, 'parent_id', to=thing), part.c.size > thing.c.size)",
            ["part = things"],
        ),
        (
            "exists(box.things, size > 3)",
            "any_of(box, refers(thing, 'box_id', to=box), any_of(thing_2, "
            "refers(thing_2, 'box_id', to=box), thing_2.c.size > 3))",
            None,
        ),
        (
            "exists(owners, name == 'x')",
            "any_of(owner_link, refers(owner_link, 'thing_id', to=thing), any_of(owner, "
            "refers(owner_link, 'user_id', to=owner), owner.c.name == 'x'))",
            ["owner = users", "owner_link = thing_owners"],
        ),
        (
            "count(owners)",
            "count_of(owner, refers(owner, 'thing_id', to=thing))",
            ["owner = thing_owners"],
        ),
    ],
)
def test_a_value_is_read_by_correlated_subqueries(
    expression: str, code: str, aliases: list[str] | None
) -> None:
    found, declared = computed(expression)
    assert found == code
    assert aliases is None or declared == aliases


def test_computed_values_call_one_another() -> None:
    more = """
computed:
  late: "due_at != null && due_at < now()"
  very: "late && size > 3"
  parts_late: "count(parts, very)"
"""
    late, very, parts = thing(more).entity("Thing").computed
    assert late.value.code.text == "and_(thing.c.due_at.is_not(None), thing.c.due_at < NOW)"
    assert very.value.code.text == "and_(late(thing), thing.c.size > 3)"
    assert "very(part)" in parts.value.code.text


def test_the_time_is_asked_in_the_database() -> None:
    noon = "timestamp('2026-01-01T12:00:00Z')"
    more = f"""
computed:
  late: "now() > {noon} ? size > 3 : false"
  later: "now() > {noon} && size > 3"
"""
    late, later = thing(more).entity("Thing").computed
    past = "NOW > datetime(2026, 1, 1, 12, 0, 0, 0, tzinfo=UTC)"
    assert late.value.code.text == f"case(({past}, thing.c.size > 3), else_=false())"
    assert later.value.code.text == f"and_({past}, thing.c.size > 3)"


def test_a_policy_of_own_values_is_python_and_any_other_is_sql() -> None:
    more = """
policy:
  visible: "may('read', box)"
  allow:
    update: "size < 3 && principal.role == 'boss'"
    delete: "exists(owners, id == principal.id)"
    shake: "due_at != null && due_at < now()"
"""
    policy = thing(more).entity("Thing").policy
    forms = [(action.name, action.form) for action in policy.actions]
    assert forms == [("update", Form.PYTHON), ("delete", Form.SQL), ("shake", Form.SQL)]
    assert policy.visible.code.text == (
        "any_of(box, refers(thing, 'box_id', to=box), box_policy.visible(principal, box))"
    )
    assert policy.actions[0].value.code.text == "thing.size < 3 and actor.role == Role.BOSS"
    assert policy.actions[1].value.code.text == (
        "any_of(owner, refers(owner, 'thing_id', to=thing), owner.c.user_id == principal.user_id)"
    )


def test_an_action_that_others_ask_about_has_both_forms() -> None:
    asked = 'policy:\n  visible: "true"\n  allow:\n    update: "may(\'update\', box)"\n'
    alone, both = lowered(BOX), thing(asked)
    assert [a.form for a in alone.entity("Box").policy.actions] == [Form.PYTHON]
    assert [a.form for a in both.entity("Box").policy.actions] == [Form.PYTHON, Form.SQL]
    [update] = both.entity("Thing").policy.actions
    assert "box_policy.allows_update(principal, box)" in update.value.code.text


def test_no_policy_lets_everybody_see() -> None:
    policy = thing("").entity("Thing").policy
    assert (policy.visible.code.text, policy.actions) == ("true()", ())


def test_a_policy_cannot_depend_on_settings() -> None:
    with pytest.raises(TospecError, match="settings"):
        thing('policy:\n  visible: "size < settings.limit"\n')
    rule = 'rules:\n  - {on: [create], that: "size < settings.limit", else: BAD}\n'
    [found] = thing(rule).entity("Thing").rules
    assert found.rules[0].value.code.text == "things.c.size < settings.limit"


def test_rules_are_gathered_by_moment_and_written_once() -> None:
    more = """
rules:
  - {on: [create, update], that: "size > 1", else: BAD}
  - {on: [update, delete], that: "thing.size > 1", else: BAD}
  - {on: [update], that: "size > 2", else: BAD}
  - {on: [transition], that: "box.open", else: WORSE_ERROR}
lifecycle:
  field: state
  initial: new
  terminal: [old]
  permission: "all:write"
  transitions:
    age:
      from: [new]
      to: old
      input: {by: {type: int, range: [1, 9]}}
      require: [{that: "size > input.by", else: BAD}]
"""
    sets = {each.function: each for each in thing(more).entity("Thing").rules}
    assert {name: [rule.function for rule in each.rules] for name, each in sets.items()} == {
        "on_create": ["_bad"],
        "on_update": ["_bad", "_bad", "_bad_2"],
        "on_delete": ["_bad"],
        "on_age": ["_worse_error", "_bad_3"],
    }
    [by] = sets["on_age"].typed_inputs
    assert (by.name, by.type.text) == ("by", "int")
    assert sets["on_age"].rules[1].value.code.text == "things.c.size > by"
    assert [rule.is_fixed for rule in sets["on_age"].rules] == [True, False]
    assert sets["on_age"].rules[0].error_type == "WorseError"


def test_times_are_compared_with_what_is_known() -> None:
    rule = 'rules:\n  - {on: [update], that: "now() < created_at + settings.window", else: BAD}\n'
    [found] = thing(rule).entity("Thing").rules
    value = found.rules[0].value
    assert value.code.text == "things.c.created_at > NOW - settings.window"
    assert found.uses_settings


def test_filters_follow_from_the_types() -> None:
    more = """
computed:
  big: "size > 50"
list:
  filter: [name, size, due_at, box, owners, big]
  search: [name]
  sort: [name]
  default_sort: name
"""
    filters = thing(more).entity("Thing").listing.filters
    assert [(each.name, each.kind) for each in filters] == [
        ("name", FilterKind.EQUAL),
        ("size_min", FilterKind.AT_LEAST),
        ("size_max", FilterKind.AT_MOST),
        ("due_at_from", FilterKind.AT_LEAST),
        ("due_at_before", FilterKind.BEFORE),
        ("box_id", FilterKind.EQUAL),
        ("owner_id", FilterKind.LINKED),
        ("big", FilterKind.TRUTH),
        ("q", FilterKind.SEARCH),
    ]


def test_a_kept_row_that_was_deleted_does_not_count() -> None:
    kept = entity(
        "entity: Crumb\nfields:\n  name: {type: string, length: [1, 9]}\n"
        "relations:\n  thing: {to: Thing, inverse: crumbs, on_delete: cascade}\ndelete: soft\n"
    )
    model = lowered(BOX, entity(THING + 'computed:\n  n: "count(crumbs)"\n'), kept)
    assert "crumb.c.deleted_at.is_(None)" in model.entity("Thing").computed[0].value.code.text
