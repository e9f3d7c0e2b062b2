"""What the example means, and how fast a large spec is read."""

import time

import pytest

from tests.syntax.mutations import ROOT, sources_of
from tospec.expression import MayDo
from tospec.model import FieldType, Generated, Kind, Moment, System
from tospec.source import SourceText, Span
from tospec.syntax import read, read_texts

EXAMPLE = ROOT / "examples" / "taskhub"
CPU_SECONDS_FOR_A_THOUSAND_ENTITIES = 10


@pytest.fixture(scope="module")
def taskhub() -> System:
    system = read_texts(sources_of(EXAMPLE)).system
    assert system is not None
    return system


def test_reads_a_single_file() -> None:
    reading = read(ROOT / "tests" / "syntax" / "base.md")

    assert reading.system is not None
    assert reading.system.name == "notes"
    assert [source.file for source in reading.sources] == ["base.md"]


def test_convention_fields_stand_around_those_of_the_spec(taskhub: System) -> None:
    task = taskhub.entity("Task")
    names = [field.name for field in task.fields]

    assert names[:2] == ["id", "number"]
    assert names[-4:] == ["status", "created_at", "updated_at", "version"]
    assert {f.name: f.origin for f in task.fields}["version"] == "data-1"
    assert task.fields[0].generated is Generated.ID


def test_the_lifecycle_gives_the_state_field(taskhub: System) -> None:
    status = taskhub.entity("Task").field("status")

    assert status is not None
    assert status.type is FieldType.ENUM
    assert status.values == ("todo", "in_progress", "in_review", "done", "cancelled")
    assert (status.default, status.managed, status.origin) == ("todo", True, "lifecycle")


def test_transitions_fall_back_on_the_lifecycle(taskhub: System) -> None:
    lifecycle = taskhub.entity("Task").lifecycle
    assert lifecycle is not None
    moves = {move.name: move for move in lifecycle.transitions}

    assert (moves["start"].permission, moves["start"].policy) == ("task:update", "update")
    assert (moves["complete"].permission, moves["complete"].policy) == ("task:complete", "complete")
    assert moves["complete"].emits == ("TaskStatusChanged", "TaskCompleted")
    assert [field.name for field in moves["cancel"].input] == ["reason"]


def test_an_inherited_policy_is_folded_in(taskhub: System) -> None:
    policy = taskhub.entity("Task").policy
    assert policy is not None
    assert policy.visible is not None

    root = policy.visible.tree.root

    assert policy.inherit == "project"
    assert isinstance(root, MayDo)
    assert (root.action, str(root.subject)) == ("read", "task.project")
    assert policy.of("update") is not None
    assert policy.of("nothing") is None


def test_sugar_becomes_operations(taskhub: System) -> None:
    found = {operation.name: operation for operation in taskhub.operations}

    start = found["StartTask"]
    assert (start.kind, start.method, start.path) == (
        Kind.TRANSITION,
        "POST",
        "/v1/tasks/{task}/start",
    )
    assert found["ListComments"].path == "/v1/tasks/{task}/comments"
    assert found["GetComment"].path == "/v1/comments/{comment}"
    assert found["LinkProjectMember"].path == "/v1/projects/{project}/members/{user}"
    assert found["UpdateTask"].policy == "update"
    assert found["UpdateProject"].policy is None
    assert found["ArchiveProject"].origin == "spec"
    assert found["SignUp"].public
    assert found["ListAuditEntries"].permission == "audit:read"


def test_blocks_serve_the_requirement_above_them(taskhub: System) -> None:
    served = {(block.kind, block.name): block.requirements for block in taskhub.blocks}

    assert served["entity", "Task"] == ("REQ-011",)
    assert served["system", "taskhub"] == ()
    assert taskhub.error("SELF_REVIEW").requirements == ("REQ-012",)


def test_rules_events_and_payloads(taskhub: System) -> None:
    task = taskhub.entity("Task")

    assert task.rules[0].on == (
        Moment.CREATE,
        Moment.UPDATE,
        Moment.DELETE,
        Moment.TRANSITION,
    )
    assert task.emits[1].changed == "assignee"
    assert [(i.path, i.before) for i in taskhub.event("TaskAssigned").payload][-2:] == [
        ("assignee", False),
        ("assignee", True),
    ]
    mentioned = taskhub.entity("Comment").emits[1]
    assert mentioned.for_each is not None
    assert mentioned.for_each.text == "mentioned(body)"


def test_scenarios_hold_names_and_constants(taskhub: System) -> None:
    scenario = next(s for s in taskhub.scenarios if "open subtask" in s.title)

    assert dict(scenario.rows[1].values) == {"project": "ship.project", "parent": "ship"}
    assert (scenario.actor, scenario.operation, scenario.on) == ("ada", "CompleteTask", "ship")


def test_expressions_know_their_place(taskhub: System) -> None:
    visible = taskhub.entity("Project").policy
    assert visible is not None
    assert visible.visible is not None

    source = next(s for s in sources_of(EXAMPLE) if s.file == visible.visible.span.file)
    line = source.line(visible.visible.span.line)

    start = visible.visible.span.column - 1
    assert line[start : start + visible.visible.span.length] == visible.visible.text


def test_reading_twice_gives_equal_systems(taskhub: System) -> None:
    again = read_texts(sources_of(EXAMPLE)).system

    assert again == taskhub
    assert hash(str(again)) == hash(str(taskhub))


def test_errors_in_several_files_come_together_and_in_order() -> None:
    sources = [
        SourceText("b.md", "```yaml tospec\nview: One\nof: Nothing\nfields: [id]\n```\n"),
        SourceText("a.md", "```yaml tospec\nsystem: notes\nversion: one\nprofle: cqrs\n```\n"),
    ]

    found = [(str(d.span), d.code) for d in read_texts(sources).diagnostics]

    assert found == [("a.md:3:10", "TS0213"), ("a.md:4:1", "TS0201"), ("b.md:3:5", "TS0360")]


def test_an_error_inside_an_expression_has_its_own_column() -> None:
    text = (
        "```yaml tospec\nsystem: notes\nversion: 1.0.0\n```\n"
        '```yaml tospec\nentity: Note\npolicy:\n  visible: "true && nothing"\n```\n'
    )

    (found,) = read_texts([SourceText("a.md", text)]).diagnostics

    assert found.span == Span("a.md", 8, 21, 7)


def test_yaml_files_hold_one_block_each() -> None:
    sources = [
        SourceText("system.yaml", "system: notes\nversion: 1.0.0\n"),
        SourceText("note.yml", "entity: Note\nfields:\n  name: {type: string}\n"),
    ]

    system = read_texts(sources).system

    assert system is not None
    assert [entity.name for entity in system.entities if not entity.built_in] == ["Note"]


def test_a_thousand_entities_are_read_in_time() -> None:
    text = "\n".join([_HEAD, *(_entity(number) for number in range(1000))])
    started = time.process_time()

    system = read_texts([SourceText("large.md", text)]).system

    assert system is not None
    assert len(system.operations) == 5000
    assert time.process_time() - started < CPU_SECONDS_FOR_A_THOUSAND_ENTITIES


_HEAD = """```yaml tospec
system: large
version: 1.0.0
```
```yaml tospec
roles: [owner]
permissions:
  "thing:all": {roles: [owner]}
```
"""


def _entity(number: int) -> str:
    name = "Thing" + "".join(chr(ord("a") + int(digit)) for digit in f"{number:04}") + "x"
    fields = "\n".join(
        f"  field_{letter}: {{type: string, length: [1, 100]}}" for letter in "abcdefghijklmnopqrst"
    )
    return f"""```yaml tospec
entity: {name}
fields:
{fields}
relations:
  owner: {{to: User, generated: principal}}
computed:
  is_mine: "owner == principal.id && field_a == '{name}'"
crud:
  create: "thing:all"
  read: "thing:all"
  list: "thing:all"
  update: "thing:all"
  delete: "thing:all"
policy: {{visible: "principal.role == 'owner' || field_b == '{name}'"}}
```
"""
