"""Files: their size, their media type, their bytes, their names, and how they are handed out."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import unquote

from tospec.model import Entity, Kind, Operation, System
from tospec.verify.base import NOTHING, Answer, Judgement, PlannedCase, Stage, Unavailable
from tospec.verify.oracle.contract import Expected, problem, refusal, success, told
from tospec.verify.oracle.files import content_of, media_types
from tospec.verify.oracle.steps import Situation, Step
from tospec.verify.probes.ready import Ready, ready
from tospec.verify.scene.acting import Scene
from tospec.verify.scene.parts import CaseKind, Trial, about, hold, modelled, operation_of

NAME: Final = "files"
_LARGEST: Final = 64 * 1024 * 1024
"""A larger limit is not tried out: that would be a load."""
_OTHERS: Final = (
    "text/html",
    "image/svg+xml",
    "application/octet-stream",
    "application/x-sh",
    "application/pdf",
    "application/zip",
    "image/gif",
    "image/jpeg",
    "image/png",
    "text/csv",
    "text/plain",
    "video/mp4",
)
"""What is refused unless the spec names it."""
_NAMES: Final = (
    'a".html"; filename="b.html',
    "a; filename=b.html",
    "a%0d%0aset-cookie: a=b",
    "naïve 😀.txt",
    "<img src=x onerror=alert(1)>",
    "a'b''c.txt",
)
_PATHS: Final = (
    "../a",
    "../../../../etc/passwd",
    "/etc/passwd",
    "..\\a",
    "C:\\a",
    "a\r\nset-cookie: a=b",
    "a\x1b[31m",
)
_UPLOADED: Final = b"\r\n \0" + hashlib.sha256(b"files").digest() * 3000 + b"\xef\xbb\xbf\0 \r\n"
"""Bytes of all kinds: line ends, blanks and marks that are easily lost on the way."""

type _Try = Callable[[Stage, Ready, Trial], None]


def _planned(system: System) -> Iterator[PlannedCase]:
    for operation in modelled(system):
        entity = system.entity(operation.entity)
        if operation.upload and entity.file:
            yield from _of_uploads(entity, operation)
        if operation.kind is Kind.DOWNLOAD:
            yield _case(operation, "saved", _SAVED, _saved)
            if operation_of(system, entity, Kind.DELETE):
                yield _case(operation, "deleted", _GONE, _gone)


_SIZE: Final = "A file has as many bytes as the spec says, and not one more."
_TYPE: Final = "A file is of a media type that the spec names."
_SAME: Final = "What is told of a file, and what is handed out, is what was sent."
_NAMED: Final = "A file's name is told as it was sent, and has no meaning in any header."
_PATHED: Final = "A name that could be a path, or a line of a header, is refused."
_SAVED: Final = "A file is handed out to be saved: as an attachment, never sniffed, never shown."
_GONE: Final = "The bytes of a deleted file cannot be fetched."


def _of_uploads(entity: Entity, operation: Operation) -> Iterator[PlannedCase]:
    if entity.file and entity.file.max_size <= _LARGEST:
        yield _case(operation, "size", _SIZE, _sizes)
    yield _case(operation, "media-types", _TYPE, _types)
    yield _case(operation, "content", _SAME, _content)
    yield _case(operation, "names", _NAMED, _names)
    yield _case(operation, "paths", _PATHED, _paths)


def _case(operation: Operation, variant: str, rule: str, attempt: _Try) -> PlannedCase:
    def run(stage: Stage) -> Judgement:
        scene = ready(stage, operation)
        trial = Trial(rule)
        attempt(stage, scene, trial)
        scene.control(trial)
        return trial.judgement()

    return about(NAME, operation).case(variant, rule, run, cost=16)


def _entity(stage: Stage, scene: Ready) -> Entity:
    return stage.system.entity(scene.operation.entity)


def _sent(scene: Ready, content: bytes, *, name: str = "", media_type: str = "") -> Answer:
    """Send another file under the name of the step, or under another one."""
    query = scene.body if not name else {**scene.body, "name": name}
    headers = {"content-type": media_type} if media_type else {}
    return scene.send(body=content, headers=headers, query=query)


def _sizes(stage: Stage, scene: Ready, trial: Trial) -> None:
    rule = _entity(stage, scene).file
    most = rule.max_size if rule else 0
    taken = _sent(scene, b"\0" * most)
    hold(trial, f"{most} bytes", taken, success(stage.system, scene.operation))
    wanted = problem(stage.system, 413, "content-too-large", tolerant=(400, 422))
    hold(trial, f"{most + 1} bytes", _sent(scene, b"\0" * (most + 1)), wanted)


def _types(stage: Stage, scene: Ready, trial: Trial) -> None:
    known = media_types(_entity(stage, scene))
    for each in known:
        answer = _sent(scene, content_of(each), media_type=each)
        hold(trial, each, answer, success(stage.system, scene.operation))
        _is_told(trial, answer, "media_type", each)
    wanted = problem(stage.system, 415, "unsupported-media-type", tolerant=(400, 422))
    for each in _OTHERS:
        if each not in known:
            hold(trial, each, _sent(scene, content_of(each), media_type=each), wanted)


def _content(stage: Stage, scene: Ready, trial: Trial) -> None:
    content = content_of(media_types(_entity(stage, scene))[0]) + _UPLOADED
    answer = _sent(scene, content)
    if not hold(trial, "a file", answer, success(stage.system, scene.operation)):
        return
    _is_told(trial, answer, "size", len(content))
    _is_told(trial, answer, "sha256", hashlib.sha256(content).hexdigest())
    fetched = _fetched(stage, scene, answer)
    if fetched is not None:
        same = "the same bytes" if fetched.body == content else f"{len(fetched.body)} other bytes"
        trial.need("its bytes", holds=fetched.body == content, got=same)


def _is_told(trial: Trial, answer: Answer, name: str, wanted: object) -> None:
    found = answer.json.get(name, wanted) if isinstance(answer.json, dict) else wanted
    trial.need(name, holds=found == wanted, got=f"{found!r}, not {wanted!r}")


def _fetched(stage: Stage, scene: Ready, answer: Answer) -> Answer | None:
    """Fetch the file that an answer tells of; None when nobody can."""
    entity = _entity(stage, scene)
    operation = operation_of(stage.system, entity, Kind.DOWNLOAD)
    id_ = answer.json.get("id") if isinstance(answer.json, dict) else None
    if operation is None or not isinstance(id_, str):
        return None
    path = operation.path.replace(f"{{{operation.path.split('{')[1].split('}')[0]}}}", id_)
    return stage.send(scene.person, "GET", path)


def _names(stage: Stage, scene: Ready, trial: Trial) -> None:
    content = content_of(media_types(_entity(stage, scene))[0])
    for name in _NAMES:
        answer = _sent(scene, content, name=name)
        if hold(trial, repr(name), answer, success(stage.system, scene.operation)):
            _is_told(trial, answer, "name", name)
            fetched = _fetched(stage, scene, answer)
            if fetched is not None:
                _is_harmless(trial, fetched, name)


def _is_harmless(trial: Trial, answer: Answer, name: str) -> None:
    header = answer.headers.get("content-disposition", "")
    kind, _, encoded = header.partition("filename*=UTF-8''")
    trial.need(f"{name!r} as an attachment", holds=kind.startswith("attachment;"), got=header)
    plain = encoded.isascii() and not set(encoded) & set("\"'();<>@,:\\/[]?={} \t")
    trial.need(f"{name!r} encoded", holds=plain and unquote(encoded) == name, got=header)
    trial.need("no cookie", holds="set-cookie" not in answer.headers, got="Set-Cookie")


def _paths(stage: Stage, scene: Ready, trial: Trial) -> None:
    wanted = refusal(stage.system, Situation.BAD_VALUE)
    content = content_of(media_types(_entity(stage, scene))[0])
    for name in _PATHS:
        hold(trial, repr(name), _sent(scene, content, name=name), wanted)


def _saved(stage: Stage, scene: Ready, trial: Trial) -> None:
    answer = scene.succeed()
    disposition = answer.headers.get("content-disposition", "")
    trial.need("an attachment", holds=disposition.startswith("attachment"), got=disposition)
    sniffing = answer.headers.get("x-content-type-options", "missing")
    trial.need("X-Content-Type-Options", holds=sniffing == "nosniff", got=sniffing)
    security = answer.headers.get("content-security-policy", "missing")
    trial.need("Content-Security-Policy", holds="sandbox" in security, got=security)
    type_ = answer.headers.get("content-type", "").partition(";")[0]
    trial.need("its media type", holds=type_ in media_types(_entity(stage, scene)), got=type_)
    tag = answer.headers.get("etag", "")
    if not tag:
        trial.found("ETag", "missing")
        return
    again = scene.send(headers={"If-None-Match": tag})
    hold(trial, "If-None-Match", again, Expected(statuses=(304,)))
    trial.need("304 without bytes", holds=not again.body, got=f"{len(again.body)} bytes")
    part = scene.send(headers={"If-None-Match": '"other"'})
    trial.need("another tag", holds=part.body == answer.body, got=told(part))


def _gone(stage: Stage, scene: Ready, trial: Trial) -> None:
    """Delete the file of a situation of its own, and ask for it again."""
    other = ready(stage, scene.operation)
    deleting = operation_of(stage.system, _entity(stage, scene), Kind.DELETE)
    if deleting is None or other.step.on is None:
        raise Unavailable("nobody can delete such a file")
    before = other.succeed()
    hold(trial, "before", before, success(stage.system, scene.operation))
    if _deleted(other.scene, deleting, other.step):
        hold(trial, "afterwards", other.send(), refusal(stage.system, Situation.HIDDEN))


def _deleted(scene: Scene, deleting: Operation, step: Step) -> bool:
    """Delete a row as whoever made it, or as whoever reads it; return whether that worked."""
    row = scene.world.rows[step.on or ""]
    makers = [who for who in scene.world.people.values() if who.key in row.refs.values()]
    for who in (step.by, *makers):
        answer = scene.take(Step(operation=deleting, by=who, on=step.on), body=NOTHING)
        if success(scene.system, deleting).fits(answer):
            return True
    return False


KIND: Final = CaseKind(NAME, _planned)
