"""Which indexes a table gets for what its lists offer."""

from tests.lowering.specs import entity, system_of
from tospec.ir.tables import Index, SqlKey
from tospec.lowering.tables import table_of, word_table
from tospec.model import Entity

TEXT = """
entity: Thing
fields:
  name: {type: string, length: [1, 9]}
  level: {type: enum, values: [low, high], default: low}
  due: {type: timestamp, optional: true}
  open: {type: bool, default: true}
relations:
  box: {to: Box, inverse: things, on_delete: cascade}
list:
  filter: [box, level, due, open]
  search: [name]
  sort: [name, level, due]
  default_sort: name
"""


BOX = "entity: Box\nfields:\n  name: {type: string, length: [1, 9]}"


def thing(text: str = TEXT) -> Entity:
    return system_of(entity(BOX), entity(text)).entity("Thing")


def keys(index: Index) -> str:
    return ", ".join(key.sql if isinstance(key, SqlKey) else key for key in index.columns)


def test_each_order_and_each_filter_has_one() -> None:
    rank = "(CASE level WHEN 'low' THEN 0 WHEN 'high' THEN 1 END)"

    assert [keys(each) for each in table_of(thing()).indexes] == [
        "box_id",
        "name, id",
        f"{rank}, id",
        "(due IS NULL), due, id",
        "(due IS NULL), due DESC, id DESC",
        "level, name, id",
        "due, id",
    ]


def test_only_an_index_on_a_rank_holds_one() -> None:
    ranked = [each.name for each in table_of(thing()).indexes if each.holds_rank]

    assert ranked == ["ix_things_level_rank_id"]


def test_what_the_spec_begins_an_index_with_needs_no_other() -> None:
    text = TEXT + "indexes:\n  - [level, due]\n  - [due]\n"
    found = [keys(each) for each in table_of(thing(text)).indexes]

    assert [each for each in found if each.startswith(("level", "due"))] == ["level, due", "due"]


def test_words_are_kept_of_what_is_searched() -> None:
    words = word_table(thing())

    assert words is not None
    assert (words.name, words.own.column, words.fields) == ("thing_words", "thing_id", ("name",))
    assert keys(words.index) == "word, thing_id"
    assert word_table(thing(TEXT.replace("  search: [name]\n", ""))) is None
