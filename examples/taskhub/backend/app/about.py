"""What this service is called, for logs, documents and database roles."""

from typing import Final

NAME: Final = "TaskHub"
SERVICE: Final = "taskhub"
VERSION: Final = "1.0.0"
DESCRIPTION: Final = "Plan and finish work in projects, one tenant a team."
