"""Where the stack of this home really listens, whatever this shell's variables say."""

from linli_cli.embedded.state import RunDirectory
from linli_cli.settings import StackSettings


def as_it_runs(settings: StackSettings) -> StackSettings:
    """The same home, and the host and ports that its running stack was started with."""
    run = RunDirectory(settings.run_dir)
    state = run.read() if run.supervisor() else None
    return settings.model_copy(update=dict(state.listening)) if state else settings
