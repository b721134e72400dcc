"""A package after one of its events. What is not known here changes nothing but the version."""

from linli.contracts.neighbourhood import works as events
from linli.contracts.neighbourhood import works_accepted as accepted
from linli.contracts.neighbourhood import works_checked as checked
from linli.frozen import replace
from neighbourhood.works.domain.package import Defect, DefectState, Gate, HiddenState, Package, PackageState, Signed

D, H, S = DefectState, HiddenState, PackageState
_HIDDEN: dict[type[events.PackageEvent], HiddenState] = {
    checked.HiddenWorkNotified: H.NOTIFIED,
    checked.HiddenWorkPassed: H.PASSED,
    checked.HiddenWorkFailed: H.FAILED,
    checked.HiddenWorkCovered: H.COVERED,
}
_DEFECT: dict[type[events.PackageEvent], DefectState] = {
    checked.DefectReported: D.REPORTED,
    checked.DefectConfirmed: D.CONFIRMED,
    checked.DefectDismissed: D.DISMISSED,
    checked.RectificationOrdered: D.ORDERED,
    checked.RectificationSubmitted: D.SUBMITTED,
    checked.RectificationVerified: D.VERIFIED,
    checked.RectificationReturned: D.ORDERED,
}
_STATE: dict[type[events.PackageEvent], PackageState] = {
    events.PackageCompleted: S.COMPLETED,
    accepted.AcceptanceRequested: S.REQUESTED,
    accepted.AcceptanceConvened: S.CONVENED,
    accepted.AcceptanceFailed: S.BUILDING,
    accepted.AcceptancePassed: S.ACCEPTED,
    accepted.AcceptanceFiled: S.FILED,
    accepted.AcceptanceRevoked: S.COMPLETED,
    events.PackageHandedOver: S.HANDED_OVER,
}


def evolve(package: Package | None, event: events.PackageEvent) -> Package:
    """The first event opens it; every other one needs a package."""
    if isinstance(event, events.PackageOpened):
        return Package(
            id=event.package_id,
            community=event.community,
            neighbourhood=event.neighbourhood,
            items=event.items,
            demands=event.demands,
            appointed=event.appointed,
            trades=event.trades,
            lifts=event.lifts,
            title=event.title,
            plan_id=event.plan_id,
            plan_hash=event.plan_hash,
            plan_checked=event.plan_checked,
            version=1,
        )
    assert package is not None, f"{event.TYPE} of a package that nobody has opened"
    after = replace(package, version=package.version + 1)
    match event:
        case checked.HiddenWorkEvent():
            after = replace(after, hidden=package.hidden | {event.hidden_id: _HIDDEN[type(event)]})
        case checked.DefectEvent():
            after = replace(after, defects=package.defects | {event.defect_id: _defect(package, event)})
        case events.PackageProgressed():
            after = replace(after, percent=event.percent)
        case events.LiftRegistered():
            after = replace(after, registered=package.registered | {event.lift: event.certificate})
        case checked.SupervisionRecorded():
            after = replace(after, rounds=package.rounds | {event.round_id})
    return _accepting(after, event)


def _defect(package: Package, event: checked.DefectEvent) -> Defect:
    before = package.defects.get(event.defect_id) or Defect(D.REPORTED)
    after = replace(before, state=_DEFECT[type(event)])
    match event:
        case checked.DefectReported():
            return replace(after, reporter=event.party or event.by)
        case checked.RectificationOrdered():
            return replace(after, to=event.to, due=event.due)
        case checked.RectificationReturned():
            return replace(after, due=event.due)
        case checked.RectificationSubmitted():
            return replace(after, rectifier=event.by, rectifier_party=event.party)
        case _:
            return after


def _accepting(package: Package, event: events.PackageEvent) -> Package:
    after = replace(package, state=_STATE.get(type(event), package.state))
    match event:
        case accepted.AcceptanceRequested():
            after = replace(after, warranty_letter=event.warranty_letter)
        case accepted.AcceptanceFiled():
            after = replace(after, filed=event.number)
        case events.PackageHandedOver():
            after = replace(after, kept_by=event.to, register_by=event.register_by)
        case accepted.WorksDutyReminded():
            after = replace(after, duties_reminded=package.duties_reminded | {(event.duty, event.days_before)})
        case accepted.AcceptanceConvened() | accepted.AcceptanceFailed():
            after = replace(after, signed={}, gate=None, opinions={})
        case accepted.GateOpinionGiven():
            after = replace(after, opinions=package.opinions | {event.representative: event.agrees})
        case accepted.AcceptanceSigned():
            after = replace(after, signed=package.signed | {event.role: Signed(event.agrees, event.by)})
        case accepted.ResidentsGateHeld():
            after = replace(after, gate=Gate(event.agrees, len(event.representatives)))
        case accepted.AcceptancePassed():
            after = replace(after, accepted_on=event.accepted_on, file_by=event.file_by, warranties=event.warranties)
        case accepted.AcceptanceRevoked():
            after = replace(after, signed={}, gate=None, opinions={}, reminded=frozenset(), duties_reminded=frozenset())
            after = replace(after, accepted_on=None, file_by=None, filed=None, register_by=None, warranties=())
        case accepted.WarrantyReminded():
            after = replace(after, reminded=package.reminded | {(event.trade, event.days_before)})
    return after
