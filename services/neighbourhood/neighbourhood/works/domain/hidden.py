"""Hidden work: notified, looked at, and only then covered.

建设工程质量管理条例 30 (notice before it is covered), 32 (what fails is done again), 37 (the supervisor's signature).
"""

from datetime import datetime
from typing import TypeAlias

from linli.contracts.neighbourhood import works_checked as events
from linli.contracts.neighbourhood.works import SiteRole
from linli.web.localized import Localized
from neighbourhood.refusal import refused
from neighbourhood.works.domain.commands import CoverHiddenWork, FailHiddenWork, NotifyHiddenWork, PassHiddenWork
from neighbourhood.works.domain.package import BEFORE_ACCEPTANCE, HiddenState, Package
from neighbourhood.works.domain.telling import Decision, known_already, not_now, not_yours, tell, unknown

HiddenCommand: TypeAlias = NotifyHiddenWork | PassHiddenWork | FailHiddenWork | CoverHiddenWork
_HIDDEN = Localized("hidden work", "隐蔽工程")
_BUILDERS = not_yours("Only the builder does that.", "只有施工单位可以这样做。")
_INSPECTORS = not_yours(
    "Hidden work is looked at by the supervisor or the client.", "隐蔽工程由监理单位或建设单位验收。"
)
_NOT_PASSED = refused(
    "hidden_work_not_passed",
    "Hidden work is not covered before it has been passed.",
    "隐蔽工程验收合格前不得隐蔽。",
)


def inspects(package: Package, party: str | None) -> bool:
    """Whether a party looks at what the builder does; one that builds as well does not."""
    return (package.has(SiteRole.SUPERVISOR, party) or package.has(SiteRole.CLIENT, party)) and not package.has(
        SiteRole.BUILDER, party
    )


def decide_hidden(package: Package, command: HiddenCommand, now: datetime) -> Decision:
    """What a command about hidden work comes to."""
    if package.state not in BEFORE_ACCEPTANCE:
        return not_now(package)
    state = package.hidden.get(command.hidden_id)
    builder = package.has(SiteRole.BUILDER, command.party)
    match command:
        case NotifyHiddenWork():
            return _notified(package, command, state, now) if builder else _BUILDERS
        case CoverHiddenWork():
            return _covered(package, command, state, now) if builder else _BUILDERS
        case PassHiddenWork() | FailHiddenWork():
            return _inspected(package, command, state, now)


def _notified(package: Package, command: NotifyHiddenWork, state: HiddenState | None, now: datetime) -> Decision:
    if state not in {None, HiddenState.FAILED}:
        return known_already(_HIDDEN)
    return tell(events.HiddenWorkNotified, package, command, now, hidden_id=command.hidden_id, what=command.what)


def _covered(package: Package, command: CoverHiddenWork, state: HiddenState | None, now: datetime) -> Decision:
    if state is None:
        return unknown(_HIDDEN)
    if state is not HiddenState.PASSED:
        return _NOT_PASSED if state is not HiddenState.COVERED else known_already(_HIDDEN)
    return tell(events.HiddenWorkCovered, package, command, now, hidden_id=command.hidden_id)


def _inspected(
    package: Package, command: PassHiddenWork | FailHiddenWork, state: HiddenState | None, now: datetime
) -> Decision:
    if not inspects(package, command.party):
        return _INSPECTORS
    if state is None:
        return unknown(_HIDDEN)
    if state is not HiddenState.NOTIFIED:
        return refused(
            "hidden_work_not_notified",
            "It is looked at once after each notice.",
            "每次通知后验收一次；请施工单位重新通知。",
        )
    fields: dict[str, object] = {"hidden_id": command.hidden_id, "photos": command.photos}
    if isinstance(command, FailHiddenWork):
        return tell(events.HiddenWorkFailed, package, command, now, why=command.why, **fields)
    if not command.photos:
        return refused(
            "photo_missing", "What will not be seen again is kept in a photo.", "隐蔽前要留下照片。", "/photos"
        )
    return tell(events.HiddenWorkPassed, package, command, now, **fields)
