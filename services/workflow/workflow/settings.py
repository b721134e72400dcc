"""What workflow reads from the environment."""

from linli.application.settings import Settings


class WorkflowSettings(Settings):
    """Settings of workflow."""

    workflow_port: int = 8102
    intake_url: str = "http://127.0.0.1:8101"
    """Where the photos of reporters are asked for."""
