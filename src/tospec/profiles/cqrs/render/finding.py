"""How handlers come by the rows and the service that they work with."""

from tospec.ir.entities import Entity
from tospec.ir.names import EntityNames
from tospec.profiles.cqrs import places
from tospec.profiles.cqrs.render.variables import row_variable
from tospec.python import Code, attribute, fill, symbol


def service(entity: Entity) -> Code:
    """Return the statement that makes the service of an entity."""
    names = entity.names
    made = symbol(f"app.services.{names.plural}", f"{names.type}Service")
    return fill("service = {}(transaction, actor, self._settings)", made)


def found(names: EntityNames, parameter: str, message_name: str) -> Code:
    """Return the statement that finds a row, as far as the actor sees it."""
    return fill("{} = {}", row_variable(names), looked_up(names, parameter, message_name))


def looked_up(names: EntityNames, parameter: str, message_name: str) -> Code:
    """Return the expression that finds a row, as far as the actor sees it."""
    return fill(
        "await {}(transaction).get({}.{}, tenant_id=actor.tenant_id, visible={}.visible())",
        symbol(f"app.repositories.{names.plural}", f"{names.type}Repository"),
        attribute(message_name),
        attribute(parameter),
        places.policy(names),
    )
