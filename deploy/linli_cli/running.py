"""Where the stack of this home really listens, whatever this shell's variables say."""

from linli_cli.embedded.state import RunDirectory
from linli_cli.settings import StackSettings, load_settings


def settings_in_force() -> StackSettings:
    """The settings, with the addresses of the stack that runs in this home if one does. Raises `CliError`."""
    return as_it_runs(load_settings())


def as_it_runs(settings: StackSettings) -> StackSettings:
    """The same home, and the host and ports that its running stack was started with."""
    run = RunDirectory(settings.run_dir)
    state = run.read() if run.supervisor() else None
    return settings.model_copy(update=dict(state.listening)) if state else settings
