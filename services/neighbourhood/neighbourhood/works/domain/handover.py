"""What follows an acceptance: filing, handover, lifts registered, and that an authority may have it accepted anew."""

from datetime import datetime
from typing import TypeAlias

from linli.contracts.neighbourhood import works_accepted as events
from linli.contracts.neighbourhood.works import LiftCertificate, LiftRegistered, PackageHandedOver, SiteRole
from linli.web.localized import Localized
from neighbourhood.refusal import Refusal, refused
from neighbourhood.works.domain import commands
from neighbourhood.works.domain.acceptance import CLIENTS
from neighbourhood.works.domain.package import ACCEPTED, Package, PackageState
from neighbourhood.works.domain.rules import WorksRules
from neighbourhood.works.domain.telling import Decision, known_already, not_now, not_yours, tell, unknown

AfterAcceptance: TypeAlias = commands.FileAcceptance | commands.RevokeAcceptance | commands.HandOver

_LIFT = Localized("lift", "电梯")


def decide_after(package: Package, command: AfterAcceptance, rules: WorksRules, now: datetime) -> Decision:
    """What a command comes to that follows an acceptance. A handover is never before it. 质量管理条例 16, 49"""
    if package.state not in ACCEPTED:
        return not_now(package)
    if isinstance(command, commands.RevokeAcceptance):
        if command.party is None or any(each.party == command.party for each in package.appointed):
            return not_yours(
                "An authority orders that, and no party on the site.", "由主管部门责令，工程各方不能撤销。"
            )
        return tell(events.AcceptanceRevoked, package, command, now, why=command.why)
    if not package.has(SiteRole.CLIENT, command.party):
        return CLIENTS
    if isinstance(command, commands.FileAcceptance):
        return _filed(package, command, rules, now)
    return _handed_over(package, command, rules, now)


def _handed_over(package: Package, command: commands.HandOver, rules: WorksRules, now: datetime) -> Decision:
    ready = {PackageState.FILED} if rules.handover_after_filing else {PackageState.ACCEPTED, PackageState.FILED}
    if package.state not in ready:
        return not_now(package)
    if refusal := _not_of_it(package, command):
        return refusal
    certificates = [LiftCertificate(lift=lift, certificate=number) for lift, number in package.registered.items()]
    fields: dict[str, object] = {
        "title": package.title,
        "to": command.to,
        "builder": package.party_of(SiteRole.BUILDER),
        "facilities": command.facilities,
        "papers": command.papers,
        "warranty_letter": package.warranty_letter,
        "warranties": package.warranties,
        "accepted_on": package.accepted_on,
        "filed": package.filed,
        "lifts": certificates,
    }
    if unregistered := package.unregistered:
        last = rules.place.last_day(now, rules.registration)
        fields |= {"unregistered": unregistered, "register_by": last}
    return tell(PackageHandedOver, package, command, now, items=package.items, demands=package.demands, **fields)


def _not_of_it(package: Package, command: commands.HandOver) -> Refusal | None:
    """Each facility once, with warranties and lifts that the package has; each lift is one of them."""
    ids = [each.id for each in command.facilities]
    if not ids or len({*ids}) < len(ids):
        return refused(
            "facilities", "Name each facility, and each once.", "请列出每一项设施，每项一次。", "/facilities"
        )
    trades, lifts = {each.trade for each in package.warranties}, [each.lift for each in command.facilities if each.lift]
    if any({*each.trades} - trades for each in command.facilities):
        return refused(
            "facilities",
            "A facility is under a warranty that was not given.",
            "有的设施对应的保修并不存在。",
            "/facilities",
        )
    if sorted(lifts) != sorted(package.lifts):
        return refused(
            "lifts_missing",
            "Each lift of the works is one of the facilities.",
            "每部电梯都要列为一项设施。",
            "/facilities",
        )
    return None


def _filed(package: Package, command: commands.FileAcceptance, rules: WorksRules, now: datetime) -> Decision:
    """A late filing is recorded as late: a refusal would only keep it from being seen."""
    if package.state is not PackageState.ACCEPTED:
        return not_now(package)
    assert package.accepted_on is not None and package.file_by is not None
    if not package.accepted_on <= command.on <= rules.place.day_of(now):
        return refused(
            "filing_day",
            "The day of filing lies between the acceptance and today.",
            "备案日期应在验收合格之日与今天之间。",
            "/on",
        )
    late = max((command.on - package.file_by).days, 0)
    return tell(events.AcceptanceFiled, package, command, now, number=command.number, on=command.on, late_by=late)


def register_lift(package: Package, command: commands.RegisterLift, rules: WorksRules, now: datetime) -> Decision:
    """At any time: the law wants it before a lift runs, or within some days after. 特种设备安全法 33"""
    if command.lift not in package.lifts:
        return unknown(_LIFT)
    if command.lift in package.registered:
        return known_already(_LIFT)
    if command.on > rules.place.day_of(now):
        return refused("day_to_come", "That day is still to come.", "日期不能晚于今天。", "/on")
    fields = {"lift": command.lift, "certificate": command.certificate, "on": command.on}
    return tell(LiftRegistered, package, command, now, **fields)
