"""Other services: what they are asked for, and how."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchanged:
    """A value that is sent or answered.

    Attributes:
        kind: `string`, `text`, `email`, `url`, `slug`, `int` or `bool`.
    """

    name: str
    kind: str
    nullable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One thing that a service can be asked for.

    Attributes:
        name: Of the method: `send`.
        about: One sentence.
        answer: Class of what is answered: `MailSendAnswer`.
        keyed: Whether an `Idempotency-Key` is sent.
    """

    name: str
    about: str
    method: str
    path: str
    keyed: bool
    body: tuple[Exchanged, ...]
    answer: str
    returns: tuple[Exchanged, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """By what a service knows who asks.

    Attributes:
        header: That carries it; None for a bearer token.
        setting: Attribute of the settings that holds it.
    """

    header: str | None
    setting: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """Another service; times in milliseconds.

    Attributes:
        name: What people and the code know it by: `mail`.
        type: Class of its client: `MailClient`.
        about: One sentence.
        url: Attribute of the settings that holds its base URL.
        budget: Retries for a hundred calls.
        waits: Whether jobs wait while it is left alone.
    """

    name: str
    type: str
    about: str
    url: str
    proof: Proof | None
    timeout: int
    attempts: int
    base: int
    cap: int
    budget: int
    failures: int
    within: int
    open: int
    waits: bool
    concurrency: int
    calls: tuple[Call, ...]
    requirements: tuple[str, ...]

    @property
    def origins(self) -> tuple[str, ...]:
        """Spec items that files about it come from."""
        return (*self.requirements, f"integration:{self.name}")
