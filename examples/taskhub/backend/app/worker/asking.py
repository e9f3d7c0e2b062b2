"""Jobs that ask another service for something."""

from abc import abstractmethod
from dataclasses import replace

from app.worker.work import Progress, Work


class AskOnce(Work):
    """A job that asks another service for one thing.

    What is asked is kept before it is asked for the first time, so that whoever asks again asks
    for the same thing under the same key, whatever has changed in the meantime.
    """

    @abstractmethod
    def question(self) -> dict[str, object]:
        """Return what is sent."""

    async def step(self, progress: Progress) -> Progress:
        """Keep what is to be asked, or that it was."""
        if progress.asked is None:
            return replace(progress, asked=self.question())
        return replace(progress, asked=None, changed=1, finished=True)
