"""All kinds of affairs that have steps at the desk."""

from collections.abc import Mapping

from portal.renewal.steps.actions import ACTIONS
from portal.renewal.steps.clearings import CLEARINGS
from portal.renewal.steps.covenants import COVENANTS
from portal.renewal.steps.deliberations import DELIBERATIONS
from portal.renewal.steps.meetings import MEETINGS
from portal.renewal.steps.notices import NOTICES
from portal.renewal.steps.plans import PLANS
from portal.renewal.steps.rounds import ROUNDS
from portal.renewal.steps.step import Kind
from portal.renewal.steps.taskforces import TASKFORCES

KINDS: Mapping[str, Kind] = {
    each.name: each
    for each in (ROUNDS, TASKFORCES, MEETINGS, ACTIONS, CLEARINGS, DELIBERATIONS, PLANS, COVENANTS, NOTICES)
}
