"""Values at the edges and beyond, judged by the rules of fields."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from tospec.model import Entity, Field, FieldType, System
from tospec.model.pattern_matching import matches
from tospec.source import Span
from tospec.verify.oracle import texts
from tospec.verify.oracle.naming import singular
from tospec.verify.oracle.shapes import field_fault, view_faults
from tospec.verify.oracle.values import beyond, edges, ordinary, representative
from tospec.verify.oracle.wire import from_json, to_json
from tospec.verify.oracle.world import Undetermined

SPAN = Span("spec.md", 1, 1)
FIELDS = (
    Field(name="a", type=FieldType.STRING, span=SPAN, length=(3, 7)),
    Field(name="b", type=FieldType.STRING, span=SPAN, pattern="[A-Z]{2,6}-\\d+"),
    Field(name="c", type=FieldType.TEXT, span=SPAN, length=(0, 40), optional=True),
    Field(name="d", type=FieldType.INT, span=SPAN, range=(Decimal(-3), Decimal(9))),
    Field(name="e", type=FieldType.DECIMAL, span=SPAN, digits=(5, 2)),
    Field(name="f", type=FieldType.ENUM, span=SPAN, values=("one", "two")),
    Field(name="g", type=FieldType.BOOL, span=SPAN),
    Field(name="h", type=FieldType.TIMESTAMP, span=SPAN, optional=True),
    Field(name="i", type=FieldType.DATE, span=SPAN),
    Field(name="j", type=FieldType.DURATION, span=SPAN),
    Field(name="k", type=FieldType.UUID, span=SPAN),
    Field(name="l", type=FieldType.EMAIL, span=SPAN),
    Field(name="m", type=FieldType.URL, span=SPAN),
    Field(name="n", type=FieldType.SLUG, span=SPAN),
)


@pytest.fixture
def entity(system: System) -> Entity:
    return system.entity("Label")


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.type.value)
def test_edges_and_ordinary_values_fit(entity: Entity, field: Field) -> None:
    random = Random(1)  # noqa: S311 - no secret
    values = [ordinary(entity, field, random), *edges(entity, field, random)]
    assert [field_fault(entity, field, to_json(value)) for value in values] == [""] * len(values)
    assert (None in values) is field.optional


@pytest.mark.parametrize("field", FIELDS[:6], ids=lambda field: field.type.value)
def test_values_beyond_do_not_fit(entity: Entity, field: Field) -> None:
    bad = list(beyond(entity, field, Random(1)))  # noqa: S311 - no secret
    assert len(bad) > 2
    assert [each for each in bad if not field_fault(entity, field, each.value)] == []
    assert any(each.value is None for each in bad) is not field.optional


def test_lengths_are_counted_in_code_points(entity: Entity) -> None:
    found = list(edges(entity, FIELDS[2], Random(1)))  # noqa: S311 - no secret
    longest = max((each for each in found if isinstance(each, str)), key=len)
    assert len(longest) == 40
    assert len(longest.encode("utf-16-le")) // 2 > 40


def test_texts_that_stand_for_others_differ_by_row(entity: Entity) -> None:
    first, again = (representative(entity, FIELDS[0], "#1") for _ in range(2))
    assert first == again
    assert first != representative(entity, FIELDS[0], "#2")


@pytest.mark.parametrize(
    "pattern", ["[A-Z]{2,6}", "#[0-9A-F]{6}", "x|yy", "\\d+(-\\d+)*", "[^a]b?"]
)
def test_texts_match_patterns_or_not(pattern: str) -> None:
    random = Random(3)  # noqa: S311 - no secret
    good = texts.matching(pattern, (0, 100), random)
    assert good is not None
    assert matches(pattern, good)
    bad = texts.missing(pattern, (0, 100), random)
    assert bad
    assert not any(matches(pattern, text) for text in bad)


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (FieldType.TIMESTAMP, datetime(2030, 1, 2, 3, 4, 5, 678, tzinfo=UTC)),
        (FieldType.DURATION, timedelta(days=3, hours=1, microseconds=5)),
        (FieldType.DURATION, -timedelta(minutes=90)),
        (FieldType.DECIMAL, Decimal("1.50")),
        (FieldType.BOOL, True),
        (FieldType.INT, 7),
    ],
)
def test_values_come_back_from_json(type_: FieldType, value: object) -> None:
    assert from_json(type_, to_json(value)) == value


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (FieldType.TIMESTAMP, "2030-01-02"),
        (FieldType.DURATION, "15m"),
        (FieldType.DURATION, "PT"),
        (FieldType.DECIMAL, 1.5),
        (FieldType.BOOL, 1),
        (FieldType.INT, True),
        (FieldType.UUID, "nonsense"),
    ],
)
def test_other_forms_are_none(type_: FieldType, value: object) -> None:
    with pytest.raises(Undetermined):
        from_json(type_, value)


def _label() -> dict[str, object]:
    return {
        "id": "01890a5d-ac96-774b-bcce-b302099a8057",
        "name": "x",
        "color": "#808080",
        "created_at": "2030-01-02T03:04:05Z",
        "updated_at": "2030-01-02T03:04:05Z",
        "version": 1,
    }


def test_a_view_shows_its_members_and_no_others(system: System) -> None:
    view = system.view("LabelView")
    assert view_faults(system, view, _label()) == ()
    assert view_faults(system, view, []) == ("the body is no JSON object",)
    assert view_faults(system, view, _label() | {"tenant_id": "x"}) == (
        "tenant_id is not in view LabelView",
    )
    assert view_faults(system, view, _label() | {"color": "red"}) == (
        "color does not match its pattern: 'red'",
    )
    assert view_faults(system, view, _label() | {"name": None}) == ("name is null",)
    without = {name: value for name, value in _label().items() if name != "version"}
    assert view_faults(system, view, without) == ("version is missing",)


@pytest.mark.parametrize(
    ("plural", "wanted"),
    [
        ("labels", "label"),
        ("members", "member"),
        ("categories", "category"),
        ("boxes", "box"),
        ("classes", "class"),
        ("houses", "house"),
        ("statuses", "status"),
        ("people", "person"),
        ("news", "news"),
        ("old_addresses", "old_address"),
    ],
)
def test_singulars(plural: str, wanted: str) -> None:
    assert singular(plural) == wanted
