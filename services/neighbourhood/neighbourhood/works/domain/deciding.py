"""What may be done with a work package, and what the clock does with it."""

from collections.abc import Iterator
from datetime import datetime
from typing import TypeAlias

from linli.contracts.neighbourhood import works as events
from linli.contracts.neighbourhood.works import SiteRole
from linli.contracts.neighbourhood.works_accepted import WarrantyReminded, WorksDutyReminded
from linli.contracts.neighbourhood.works_checked import RoundKind, SupervisionRecorded
from linli.web.localized import Localized
from neighbourhood.digests import digest_of_text
from neighbourhood.refusal import refused
from neighbourhood.works.domain import commands
from neighbourhood.works.domain.acceptance import OfAcceptance, decide_acceptance, no_term
from neighbourhood.works.domain.defects import OfDefect, decide_defect
from neighbourhood.works.domain.duties import duties_owed
from neighbourhood.works.domain.handover import AfterAcceptance, decide_after, register_lift
from neighbourhood.works.domain.hidden import HiddenCommand, decide_hidden
from neighbourhood.works.domain.package import BEFORE_ACCEPTANCE, Package, PackageState
from neighbourhood.works.domain.rules import WorksRules
from neighbourhood.works.domain.telling import Decision, known_already, not_now, not_yours, tell
from neighbourhood.works.domain.warranties import reminders_owed

OfBuilding: TypeAlias = commands.AnnounceProgress | commands.CompleteWorks | commands.RecordSupervision
AnyCommand: TypeAlias = OfBuilding | HiddenCommand | OfDefect | OfAcceptance | AfterAcceptance | commands.RegisterLift
CLOCK = commands.PackageCommand(by="linli", party=None)


def open_package(command: commands.OpenPackage, rules: WorksRules, now: datetime) -> Decision:
    """A new package. One party has each role; who builds does not supervise (建筑法 34)."""
    roles = [each.role for each in command.appointed]
    needed = rules.signatories | {SiteRole.CLIENT, SiteRole.BUILDER, SiteRole.SUPERVISOR}
    if len({*roles}) < len(roles) or needed - {*roles}:
        return refused(
            "roles_incomplete",
            "Each role that must sign needs one party, and only one.",
            "每个必须签署的角色要有一个单位，且只有一个。",
            "/appointed",
        )
    new = Package(
        command.id,
        command.community,
        command.neighbourhood,
        command.items,
        command.demands,
        command.appointed,
        command.trades,
        command.lifts,
    )
    if new.party_of(SiteRole.BUILDER) in {new.party_of(SiteRole.SUPERVISOR), new.party_of(SiteRole.CLIENT)}:
        return refused(
            "supervisor_is_builder",
            "Who builds neither supervises nor accepts the works.",
            "施工单位不能同时担任监理单位或建设单位。",
            "/appointed",
        )
    if {*command.trades} - rules.warranties.keys():
        return no_term()
    names = ("title", "plan_id", "plan_hash", "items", "demands", "appointed", "trades", "lifts", "plan_checked")
    return tell(events.PackageOpened, new, command, now, **{name: getattr(command, name) for name in names})


def decide(package: Package, command: AnyCommand, rules: WorksRules, now: datetime) -> Decision:
    """The event of a command, or why it is refused."""
    match command:
        case commands.AnnounceProgress() | commands.CompleteWorks() | commands.RecordSupervision():
            return _built(package, command, now)
        case (
            commands.NotifyHiddenWork()
            | commands.PassHiddenWork()
            | commands.FailHiddenWork()
            | commands.CoverHiddenWork()
        ):
            return decide_hidden(package, command, now)
        case commands.FileAcceptance() | commands.RevokeAcceptance() | commands.HandOver():
            return decide_after(package, command, rules, now)
        case commands.RegisterLift():
            return register_lift(package, command, rules, now)
        case (
            commands.RequestAcceptance()
            | commands.ConveneAcceptance()
            | commands.SignAcceptance()
            | commands.HoldGate()
            | commands.SayAtGate()
            | commands.PassAcceptance()
            | commands.FailAcceptance()
        ):
            return decide_acceptance(package, command, rules, now)
        case _:
            return decide_defect(package, command, rules, now)


def tick(package: Package, rules: WorksRules, now: datetime) -> Iterator[WarrantyReminded | WorksDutyReminded]:
    """What the clock has to say; nothing once it has said it."""
    for duty, until, days in duties_owed(package, rules, rules.place.day_of(now)):
        yield tell(WorksDutyReminded, package, CLOCK, now, duty=duty, until=until, days_before=days)
    for warranty, days in reminders_owed(package, rules, rules.place.day_of(now)):
        fields = {"trade": warranty.trade, "until": warranty.until, "days_before": days}
        yield tell(WarrantyReminded, package, CLOCK, now, **fields)


def _built(package: Package, command: OfBuilding, now: datetime) -> Decision:
    if package.state not in BEFORE_ACCEPTANCE:
        return not_now(package)
    match command:
        case commands.AnnounceProgress():
            fields = {"percent": command.percent, "message": command.message}
            return tell(events.PackageProgressed, package, command, now, **fields)
        case commands.CompleteWorks():
            if package.state is not PackageState.BUILDING:
                return not_now(package)
            if not package.has(SiteRole.BUILDER, command.party):
                return not_yours("The builder reports that.", "由施工单位报告完工。")
            return tell(events.PackageCompleted, package, command, now)
        case commands.RecordSupervision():
            return _walked(package, command, now)


def _walked(package: Package, command: commands.RecordSupervision, now: datetime) -> Decision:
    if command.round_id in package.rounds:
        return known_already(Localized("round", "巡查"))
    supervises = package.has(SiteRole.SUPERVISOR, command.party)
    builds = package.has(SiteRole.BUILDER, command.party)
    if builds or supervises is not (command.kind is RoundKind.SUPERVISOR):
        return not_yours(
            "A round is the residents' or the supervisor's, and each records its own.",
            "巡查由居民或监理进行，各记各的；施工单位不能代记。",
        )
    if not command.photos:
        return refused("photo_missing", "A round has at least one photo.", "巡查至少要有一张照片。", "/photos")
    note = digest_of_text(command.note) if command.note else None
    fields = {"round_id": command.round_id, "kind": command.kind, "photos": command.photos, "note_sha256": note}
    return tell(SupervisionRecorded, package, command, now, **fields)
