"""Small specs whose names are put together from few words, so that derived names often meet."""

from dataclasses import dataclass
from random import Random
from typing import Final

from tests.lowering.specs import entity
from tospec.python import pascal, snake

WORDS: Final = (
    *("order", "note", "shut", "down", "why", "create", "update", "view", "base"),
    *("handler", "error", "parameters", "link", "label", "counter", "number", "row"),
)
"""Few, and among them what the names of generated classes, modules and tables end with."""

_TYPES: Final = (
    "{type: enum, values: [one, other]}",
    "{type: enum, values: [few, many], optional: true}",
    "{type: string, length: [1, 9]}",
)
_SEQUENCE: Final = "{type: int, generated: sequence}"
_FLAG: Final = "{type: bool, optional: true}"


@dataclass(frozen=True, slots=True)
class Clashing:
    """Makes the blocks of one spec after the other.

    Attributes:
        words: What names are put together from.
    """

    random: Random
    words: tuple[str, ...] = WORDS

    def blocks(self) -> tuple[str, ...]:
        """Return the blocks of a spec, to be read after the head of a small one."""
        entities = [pascal(name) for name in self._names(2)]
        of = self.random.choice(entities)
        view = pascal(self._name())
        return (
            *(self._entity(name, self.random.choice(entities)) for name in entities),
            *(self._command(pascal(name), of) for name in self._names(1)),
            *(self._query(pascal(name), of, view) for name in self._names(1)),
            *(self._view(view, of), self._events(of), self._errors()),
        )

    def _name(self) -> str:
        return "_".join(self.random.choices(self.words, k=self.random.randint(1, 3)))

    def _names(self, count: int) -> list[str]:
        return sorted({self._name() for _ in range(count)})

    def _fields(self, count: int) -> str:
        names = self._names(count)
        return ", ".join(f"{name}: {self.random.choice(_TYPES)}" for name in names)

    def _entity(self, name: str, other: str) -> str:
        links, maker = self._name(), self._name()
        moves = "\n".join(
            f"    {each}: {{from: [open], to: open, input: {{{self._fields(1)}}}}}"
            for each in self._names(2)
        )
        return entity(f"""
entity: {name}
fields: {{{self._fields(2)}, {self._name()}: {_SEQUENCE}, again: {_FLAG}}}
relations:
  {links}s: {{to: {other}, many: true, max: 5, write: links, permission: "all:write"}}
  {maker}_by: {{to: User, optional: true, on_delete: set_null}}
policy: {{visible: "true"}}
lifecycle:
  field: {self._name()}
  initial: open
  permission: "all:write"
  transitions:
{moves}
""")

    def _command(self, name: str, of: str) -> str:
        return _block(f"""
command: {name}
http: POST /v1/commands/{{{snake(of)}}}
permission: "all:write"
input: {{{self._fields(1)}}}
do: [{{update: {snake(of)}, set: {{again: "true"}}}}]
""")

    def _query(self, name: str, of: str, view: str) -> str:
        return _block(f"""
query: {name}
http: GET /v1/queries
permission: "all:read"
of: {of}
where: "created_at < now()"
returns: {view}
""")

    def _view(self, name: str, of: str) -> str:
        return _block(f"view: {name}\nof: {of}\nfields: [id]")

    def _events(self, of: str) -> str:
        return _block(f"events:\n  {pascal(self._name())}: {{of: {of}, payload: [id]}}")

    def _errors(self) -> str:
        code = self._name().upper()
        return _block(f"errors:\n  {code}: {{status: 409, message: It is so.}}")


def _block(text: str) -> str:
    return f"\n```yaml tospec\n{text.strip()}\n```\n"
