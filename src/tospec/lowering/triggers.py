"""From the events of a job to what starts it."""

from tospec.ir.jobs import Trigger
from tospec.ir.places import Places
from tospec.lowering.events import event_of
from tospec.lowering.expressions import to_python
from tospec.lowering.schema import Schema
from tospec.lowering.spelling_python import PythonSpelling
from tospec.lowering.told import OWN_CLOCK, OWN_SETTINGS, followed_by
from tospec.model import Expression, Job
from tospec.python import Code


class Triggers:
    """Lowers what starts jobs, and what expressions know of it."""

    def __init__(self, schema: Schema, places: Places) -> None:
        self._schema = schema
        self._spelling = PythonSpelling(
            schema=schema, places=places, clock=OWN_CLOCK, settings=OWN_SETTINGS
        )

    def of(self, job: Job) -> Trigger | None:
        """Return what starts a job; None if no event does."""
        if not job.on:
            return None
        system = self._schema.system
        return Trigger(
            events=tuple(event_of(system, system.event(name)) for name in job.on),
            when=self.value(job.when) if job.when else None,
            followed=followed_by(job.expressions),
        )

    def value(self, expression: Expression) -> Code:
        """Return what an expression about the event alone comes to, in a method of the job."""
        return to_python(expression.tree, self._spelling)
