"""`python -m tests.support.workflow_with_toys [migrate]`: workflow with one context more."""

from functools import partial

from linli.application import assembly
from linli.application.service import main
from tests.support.toys import TOYS
from workflow.main import CONTEXTS, build
from workflow.migrations import HISTORY
from workflow.settings import WorkflowSettings

if __name__ == "__main__":
    settings, contexts = WorkflowSettings(), (*CONTEXTS, TOYS)
    migrate = partial(assembly.migrate, settings, "workflow", assembly.with_those_of(HISTORY, contexts))
    main("workflow", settings.log_level, partial(build, settings, contexts), migrate)
