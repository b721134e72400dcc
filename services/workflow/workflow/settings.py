"""What workflow reads from the environment."""

from pydantic import NonNegativeInt

from linli.application.settings import Settings


class WorkflowSettings(Settings):
    """Settings of workflow."""

    workflow_port: int = 8102
    intake_url: str = "http://127.0.0.1:8101"
    """Where the photos of reporters are asked for."""
    partner_bootstrap: str = "127.0.0.1:19094"
    """Where partners reach the broker, as the office tells them."""
    retain_partner_updates: NonNegativeInt = 180
    """Days that it is known of a partner's update that it was taken: so long it takes effect once."""
    retain_statements: NonNegativeInt = 365
    """Days that what people said in a mediation is kept once it has ended; 0: as long as the case's texts."""
