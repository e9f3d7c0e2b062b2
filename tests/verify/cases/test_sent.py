"""What must be sent of an event, as far as that is known, and which calls tell of it."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tospec.model import Job, System
from tospec.verify.cases.integrations.common import Asking, doubled
from tospec.verify.cases.integrations.patterns import Sent, sent_of
from tospec.verify.cases.integrations.triggers import people_told_of, triggers_of
from tospec.verify.oracle.planning import Planner, new_world
from tospec.verify.stubs.called import Called

ADA = {"id": "u-1", "email": "ada+1@example.com", "name": "Ada"}
KNOWN = {"reference": "ABC-1", "assignee": ADA}


def _job(system: System, name: str) -> Job:
    return next(each for each in system.jobs if each.name == name)


def _sent(system: System, name: str, event: Mapping[str, object], *fresh: str) -> Sent:
    return sent_of(_job(system, name), event, new_world(system), str, fresh)


def _call(to: str, subject: str, key: str = "k", call: str = "send") -> Called:
    text = f"You have been assigned the task {subject.split(maxsplit=1)[0]}."
    body = {"to": to, "subject": subject, "text": text}
    return Called(at=0.0, call=call, asked="POST /messages", key=key, body=body)


def test_a_call_tells_of_an_event_if_all_its_values_do(system: System) -> None:
    sent = _sent(system, "NotifyAssignee", KNOWN, "assignee")

    assert sent.fits(_call("ada+1@example.com", "ABC-1 is assigned to you"))
    assert not sent.fits(_call("bob@example.com", "ABC-1 is assigned to you"))
    assert not sent.fits(_call("ada+1@example.com", "ABC-2 is assigned to you"))
    assert not sent.fits(_call("ada+1@example.com", "ABC-1 is assigned to you", call="other"))
    assert (set(sent.personal), set(sent.telling)) == ({"to"}, {"subject", "text"})


def test_what_is_not_known_may_be_anything(system: System) -> None:
    sent = _sent(system, "NotifyAssignee", {"assignee": ADA}, "assignee")

    assert sent.fits(_call("ada+1@example.com", "XYZ-9 is assigned to you"))
    assert not sent.fits(_call("ada+1@example.com", "XYZ-9 is overdue"))
    assert sent.is_telling
    assert not _sent(system, "NotifyAssignee", {}).is_telling
    nobodys = _sent(system, "NotifyAssignee", {"reference": "ABC-1", "assignee": None})
    assert nobodys.is_telling
    assert nobodys.fits(_call("bob@example.com", "ABC-1 is assigned to you"))


def test_somebody_else_is_told_only_if_that_is_certain(system: System) -> None:
    sent = _sent(system, "NotifyAssignee", KNOWN, "assignee")

    assert sent.strays(_call("bob@example.com", "ABC-1 is assigned to you"))
    assert not sent.strays(_call("ada+1@example.com", "ABC-1 is assigned to you"))
    assert not sent.strays(_call("bob@example.com", "ABC-2 is assigned to you"))
    vague = _sent(system, "NotifyAssignee", {"assignee": ADA}, "assignee")
    assert not vague.strays(_call("bob@example.com", "ABC-1 is assigned to you"))


def test_only_requests_that_announce_an_event_start_its_jobs(system: System) -> None:
    found = {
        job.name: [each.operation.name for each in triggers_of(system, job)]
        for job in system.jobs
        if job.ask
    }
    assert found == {
        "NotifyAssignee": ["CreateTask", "UpdateTask"],
        "NotifyMentioned": ["CreateComment"],
        "NotifyOverdue": [],
        "NotifyInvited": ["InviteUser"],
        "NotifyWebhookDisabled": [],
        "SendDigest": [],
    }


def test_people_are_made_for_those_of_whom_something_is_sent(system: System) -> None:
    mentioned = _job(system, "NotifyMentioned")
    (trigger,) = triggers_of(system, mentioned)

    assert trigger.mentions == "body"
    assert people_told_of(system, mentioned, trigger) == ("user", "author")


@pytest.mark.parametrize(
    ("conventions", "keys", "fault"),
    [
        (("integrations-1",), ("a",), ""),
        (("integrations-1",), ("a", "a"), "2 calls under 1 keys"),
        ((), ("a", "a"), ""),
        ((), ("a", "b"), "2 calls under 2 keys"),
        ((), ("", ""), "2 calls under 1 keys"),
    ],
)
def test_without_the_convention_what_comes_under_one_key_counts_once(
    system: System, conventions: tuple[str, ...], keys: tuple[str, ...], fault: str
) -> None:
    job = _job(system, "NotifyAssignee")
    trigger = next(iter(triggers_of(system, job)))
    asking = Asking(Planner(replace(system, conventions=conventions)), job, trigger)
    calls = [_call("a@example.com", "ABC-1 is", key) for key in keys]

    assert doubled(asking, calls) == fault
