"""From events and their emissions to what is announced, and when."""

from collections.abc import Iterable
from dataclasses import replace

from tospec.expression import Call, Path
from tospec.ir.events import Emission, Event, Hop, LinkPath, PayloadItem
from tospec.ir.schemas import Member, MemberKind
from tospec.lowering import members, naming
from tospec.model import Emission as ModelEmission
from tospec.model import Entity, Message, Moment, System
from tospec.model import Event as ModelEvent
from tospec.model import PayloadItem as ModelItem
from tospec.python import sentence, title_words


def event_of(system: System, event: ModelEvent) -> Event:
    """Return an event as the backend announces it."""
    if event.message:
        return _told(event, event.message)
    entity = system.entity(event.of)
    return Event(
        name=event.name,
        of=naming.entity_names(event.of),
        about=sentence(event.description or title_words(event.name)),
        items=tuple(_item(entity, item) for item in event.payload),
        each=naming.reference_column(event.each) if event.each else None,
        requirements=event.requirements,
    )


def _told(event: ModelEvent, message: Message) -> Event:
    """Return an event that another service tells; its row comes first."""
    about = naming.reference_column(message.about.name if message.about else "")
    subject = Member(name=about, kind=MemberKind.UUID)
    values = (members.input_member(event.name, each) for each in message.data)
    return Event(
        name=event.name,
        of=naming.entity_names(event.of),
        about=sentence(event.description or title_words(event.name)),
        items=tuple(
            PayloadItem(name=each.name, of=each.name, member=each, before=False)
            for each in (subject, *values)
        ),
        each=None,
        requirements=event.requirements,
        sender=event.sender,
        subject=subject.name,
    )


def emissions_on(system: System, entity: Entity, moment: Moment) -> tuple[Emission, ...]:
    """Return what a change of one kind announces."""
    return tuple(_emission(system, entity, each) for each in entity.emits if moment in each.on)


def plain_emissions(system: System, names: Iterable[str]) -> tuple[Emission, ...]:
    """Return the announcement of events that have no condition."""
    return tuple(Emission(event=event_of(system, system.event(name))) for name in names)


def _item(entity: Entity, item: ModelItem) -> PayloadItem:
    member = members.member_of(entity, item.path)
    name = f"before_{member.name}" if item.before else member.name
    shown = replace(member, nullable=True) if item.before else member
    return PayloadItem(name=name, of=member.name, member=shown, before=item.before)


def _emission(system: System, entity: Entity, emission: ModelEmission) -> Emission:
    event = event_of(system, system.event(emission.event))
    changed = members.member_of(entity, emission.changed) if emission.changed else None
    mentions, links = _each(system, entity, emission)
    return Emission(
        event=event,
        changed=changed.name if changed else None,
        nullable=changed.nullable if changed else False,
        is_many=changed is not None and changed.kind is MemberKind.IDS,
        mentions=mentions,
        links=links,
    )


def _each(
    system: System, entity: Entity, emission: ModelEmission
) -> tuple[str | None, LinkPath | None]:
    """Return the member whose mentions, or where the ids are that, get one event each."""
    if emission.for_each is None:
        return None, None
    root = emission.for_each.tree.root
    if isinstance(root, Call):
        argument = root.arguments[0]
        return (argument.names[-1] if isinstance(argument, Path) else None), None
    if isinstance(root, Path):
        return None, _link_path(system, entity, root)
    return None, None


def _link_path(system: System, entity: Entity, path: Path) -> LinkPath:
    """Return how the ids at the end of a path are reached; only entities own links to people."""
    hops: list[Hop] = []
    owner = entity
    for name in path.names[:-1]:
        relation = owner.relation(name)
        if relation is None:
            break
        hops.append(
            Hop(
                column=naming.reference_column(name),
                to=naming.entity_names(relation.to),
                nullable=relation.optional,
            )
        )
        owner = system.entity(relation.to)
    return LinkPath(hops=tuple(hops), field=naming.link_field(path.names[-1]))
