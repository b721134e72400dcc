"""`python -m tests.support.workflow_with_toys [migrate]`: workflow with one context more; with `topics`, what `linli
topics apply` does where that context is installed."""

import os
import sys
from functools import partial

from linli.application import assembly
from linli.application.service import main
from linli_cli.main import app
from tests.support.toys import TOYS
from workflow.main import CONTEXTS, build
from workflow.migrations import HISTORY
from workflow.settings import WorkflowSettings

if __name__ == "__main__" and sys.argv[1:] == ["topics"]:
    os.environ["LINLI_TARGET"] = "addresses"
    app(["topics", "apply"])
elif __name__ == "__main__":
    settings, contexts = WorkflowSettings(), (*CONTEXTS, TOYS)
    migrate = partial(assembly.migrate, settings, "workflow", assembly.with_those_of(HISTORY, contexts))
    main("workflow", settings.log_level, partial(build, settings, contexts), migrate)
