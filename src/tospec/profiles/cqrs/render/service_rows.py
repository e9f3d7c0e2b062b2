"""Methods of services that make, change and remove rows."""

from collections.abc import Iterable, Iterator

from tospec.ir.services import Create, Delete, Reference, Restore, Update
from tospec.profiles.cqrs import places
from tospec.profiles.cqrs.render.restoring import restorable_attribute
from tospec.profiles.cqrs.render.service_base import Methods, documented
from tospec.profiles.cqrs.render.statements import (
    announce,
    check_rules,
    held,
    own_policy,
    record,
    untie,
)
from tospec.profiles.cqrs.render.variables import rows_variable
from tospec.python import Code, attribute, fill, join, lines, literal, symbol

_UUID = symbol("uuid", "UUID")


class RowMethods(Methods):
    """Renders what makes, changes and removes rows."""

    def create(self, create: Create) -> Code:
        """Return `create`."""
        row = self._row
        parameters = [fill("body: {}", self._schema(create.body))]
        below = ""
        if create.is_file:
            content = symbol("app.core.uploads", "FileContent")
            parameters.append(fill("content: {}", content))
        if create.under:
            parameters.insert(0, fill("{}: {}", attribute(create.under_column), _UUID))
            below = f" below the {create.under.noun}"
        has_references = bool(self._resource.service.references)
        return self._render(
            "service_create.py.j2",
            parameters=join(", ", parameters),
            docstring=documented(f"Store a new {self._noun}{below}.", create.faults),
            has_references=has_references,
            values=self._created(create),
            references=Code(", references=self._references(values)" if has_references else ""),
            rules=held(self._entity, create.rules),
            statements=[
                *record(self._entity, "create", row, before=None, after=row),
                *announce(self._entity, create.emissions, row, before=None),
            ],
        )

    def update(self, update: Update) -> Code:
        """Return `update`."""
        row, now = self._row, Code("updated")
        has_references = bool(self._resource.service.references)
        return self._render(
            "service_update.py.j2",
            body=self._schema(update.body),
            docstring=documented("Change the members that `changes` holds.", update.faults),
            has_references=has_references,
            values=Code("values" if has_references else "sent(changes)"),
            rules=held(self._entity, update.rules),
            statements=[
                *record(self._entity, "update", row, before=row, after=now),
                *announce(self._entity, update.emissions, now, before=row),
            ],
        )

    def delete(self, delete: Delete) -> Iterator[Code]:
        """Return `delete`, if clients may ask for it, and `remove`."""
        if delete.is_operation:
            about = f"Delete the {self._noun}, and what belongs to it."
            yield self._render(
                "service_delete.py.j2",
                docstring=documented(about, delete.faults),
                statements=list(check_rules(self._entity, self._row, delete.rules)),
            )
        about = "and what belongs to them, without asking their rules."
        yield self._render(
            "service_remove.py.j2",
            docstring=documented(f"Delete `{self._rows.text}`, {about}", delete.removal_faults),
            before=list(untie(delete.dependents, self._entity)),
            after=list(self._removed(delete)),
        )

    def restore(self, restore: Restore) -> Code:
        """Return `restore`."""
        row, now = self._row, Code("restored")
        return self._render(
            "service_restore.py.j2",
            docstring=documented(f"Bring the deleted {self._noun} back.", restore.faults),
            restorable=restorable_attribute(self._entity.names),
            rules=held(self._entity, restore.rules),
            statements=[
                *record(self._entity, "restore", row, before=row, after=now),
                *announce(self._entity, restore.emissions, now, before=row),
            ],
        )

    def references(self, references: Iterable[Reference]) -> Code:
        """Return what tells which rows the ids in a body must name."""
        return self._render(
            "service_references.py.j2", references=[self._reference(each) for each in references]
        )

    def _reference(self, reference: Reference) -> Code:
        rows = fill("self._{}", rows_variable(reference.to))
        arguments = [literal(reference.name), rows]
        if reference.has_policy:
            own = reference.to.plural == self._entity.names.plural
            policy = own_policy(self._entity) if own else places.policy(reference.to)
            arguments.append(fill("visible={}.visible()", policy))
        return join(", ", arguments)

    def _created(self, create: Create) -> Code:
        """Return the values that a new row is made of."""
        sent = Code("values" if self._resource.service.references else "dict(body)")
        above = [create.under_column] if create.under else []
        added = [
            *(fill("{}: {}", literal(c), attribute(c)) for c in above),
            *(fill("{}: self._actor.user_id", literal(name)) for name in create.generated),
        ]
        if create.is_file:
            added.insert(0, Code("**content.columns"))
        return fill("{{**{}, {}}}", sent, join(", ", added)) if added else sent

    def _removed(self, delete: Delete) -> Iterator[Code]:
        row = self._row
        statements = [
            *record(self._entity, "delete", row, before=row, after=None),
            *announce(self._entity, delete.emissions, row, before=row),
        ]
        if statements:
            body = lines(statements).indented(4)
            yield fill("for {} in {}:\n    {}", row, self._rows, body).indented(8)
