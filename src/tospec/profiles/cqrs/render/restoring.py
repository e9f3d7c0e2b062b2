"""What backends say in order to restore deleted rows."""

from dataclasses import dataclass

from tospec.ir.entities import Entity, Need
from tospec.ir.names import EntityNames
from tospec.profiles.cqrs import places
from tospec.profiles.cqrs.render.variables import rows_variable
from tospec.python import Code, docstring, fill, join, literal, symbol

_RESTORING = "app.repositories.restoring"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Restorable:
    repository: Code
    bases: Code
    docstring: Code
    needs: tuple[Code, ...]


def restorable(entity: Entity) -> _Restorable:
    """Return the repository for which deleted rows of an entity exist."""
    model, nouns = places.model(entity.names), entity.names.nouns
    about = f"{nouns[:1].upper()}{nouns[1:]} of one tenant at a time, deleted ones among them."
    base = fill("{}[{}]", symbol(_RESTORING, "RestorableRepository"), model)
    own = Code(f"{entity.names.type}Repository")
    return _Restorable(
        repository=Code(_name(entity.names)),
        bases=join(", ", (base, own)),
        docstring=docstring(about, indent=4),
        needs=tuple(map(_need, entity.needs)),
    )


def restorable_repository(names: EntityNames) -> Code:
    """Return the use of the repository for which deleted rows exist."""
    return symbol(f"app.repositories.{names.plural}", _name(names))


def deleted_rows(entity: Entity, tenant: Code) -> Code:
    """Return the call that finds the deleted rows which the actor sees and may restore."""
    limited = any(action.name == "restore" for action in entity.policy.actions)
    policy = f"app.authorization.policies.{entity.names.plural}"
    conditions = ["visible", *(["allows_restore"] if limited else [])]
    asked = join(", ", (fill("{}()", symbol(policy, each)) for each in conditions))
    repository = restorable_repository(entity.names)
    return fill("{}(transaction).deleted(listing.page, {}, {})", repository, asked, tenant)


def restorable_attribute(names: EntityNames) -> Code:
    """Return where a service has that repository."""
    return fill("self._restorable_{}", rows_variable(names))


def _name(names: EntityNames) -> str:
    return f"Restorable{names.type}Repository"


def _need(need: Need) -> Code:
    table = places.table(need.to, need.table)
    cleared = Code(", cleared=True" if need.cleared else "")
    kind = symbol(_RESTORING, "Need")
    return fill("{}(column={}, to={}{})", kind, literal(need.column), table, cleared)
