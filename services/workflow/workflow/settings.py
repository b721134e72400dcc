"""What workflow reads from the environment."""

from linli.settings import Settings


class WorkflowSettings(Settings):
    """Settings of workflow."""

    workflow_port: int = 8102
