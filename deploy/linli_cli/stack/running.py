"""Where the stack of this home really listens, whatever this shell's variables say."""

from linli_cli.connection.settings import StackSettings
from linli_cli.stack.embedded.state import RunDirectory


def as_it_runs(settings: StackSettings) -> StackSettings:
    """The same home, and the host and ports that its running stack was started with."""
    state = RunDirectory(settings.run_dir).read() if runs(settings) else None
    return settings.model_copy(update=dict(state.listening)) if state else settings


def runs(settings: StackSettings) -> bool:
    """Whether this home has a stack that runs; what listens on its ports otherwise is somebody else's."""
    if settings.secrets_dir.exists() and not settings.run_dir.exists():
        return True  # keys that were put there for a stack that was started in another way
    return RunDirectory(settings.run_dir).supervisor() is not None
