"""What the events of actions and of work packages say of the items that they are of."""

from collections.abc import Iterator

from linli.contracts.neighbourhood import actions, works, works_accepted, works_checked
from linli.contracts.neighbourhood.actions import ActionEvent, ActionOrigin
from linli.contracts.neighbourhood.works import PackageEvent
from neighbourhood.lineage.domain.links import Kind, Relation, State, Thing
from neighbourhood.lineage.domain.reading_plans import item_of
from neighbourhood.lineage.domain.saying import Said, says, stands

_ORIGINS = {
    ActionOrigin.MEETING: Kind.MEETING,
    ActionOrigin.COMMITMENT: Kind.COMMITMENT,
    ActionOrigin.PLAN_ITEM: Kind.ITEM,
}
_ACTIONS: dict[type[ActionEvent], State] = {
    actions.ActionAssigned: State.OPEN,
    actions.ActionReported: State.REPORTED,
    actions.ActionVerified: State.VERIFIED,
    actions.ActionReturned: State.OPEN,
    actions.ActionDropped: State.DROPPED,
}
_PACKAGES: dict[type[PackageEvent], State] = {
    works.PackageOpened: State.BUILDING,
    works.PackageCompleted: State.COMPLETED,
    works_accepted.AcceptanceFailed: State.MENDING,
    works_accepted.AcceptanceRevoked: State.COMPLETED,
    works.PackageHandedOver: State.HANDED_OVER,
}
_ACCEPTING: dict[type[PackageEvent], State] = {
    works_accepted.AcceptanceRequested: State.REQUESTED,
    works_accepted.AcceptanceConvened: State.CONVENED,
    works_accepted.AcceptanceFailed: State.FAILED,
    works_accepted.AcceptancePassed: State.PASSED,
    works_accepted.AcceptanceRevoked: State.REVOKED,
}
_DEFECTS: dict[type[PackageEvent], State] = {
    works_checked.DefectReported: State.REPORTED,
    works_checked.DefectConfirmed: State.CONFIRMED,
    works_checked.DefectDismissed: State.DISMISSED,
    works_checked.RectificationOrdered: State.ORDERED,
    works_checked.RectificationSubmitted: State.SUBMITTED,
    works_checked.RectificationVerified: State.VERIFIED,
    works_checked.RectificationReturned: State.ORDERED,
}


def of_action(event: ActionEvent) -> Iterator[Said]:
    """An action of an item has `plan~item` as what it comes of."""
    action = Thing(Kind.ACTION, event.action_id)
    if isinstance(event, actions.ActionAssigned):
        yield says(Relation.ASSIGNED, Thing(_ORIGINS[event.comes_of.origin], event.comes_of.id), action)
    if state := _ACTIONS.get(type(event)):
        yield stands(action, state)


def of_package(event: PackageEvent) -> Iterator[Said]:
    package = Thing(Kind.PACKAGE, event.package_id)
    if isinstance(event, works.PackageOpened):
        for item in event.items:
            yield says(Relation.BUILT, item_of(event.plan_id, item), package)
        for demand in event.demands:
            yield says(Relation.BUILT, Thing(Kind.DEMAND, demand), package)
    if state := _PACKAGES.get(type(event)):
        yield stands(package, state)
    acceptance = Thing(Kind.ACCEPTANCE, event.package_id)
    if state := _ACCEPTING.get(type(event)):
        yield says(Relation.ACCEPTING, package, acceptance, state)
    if isinstance(event, works_accepted.AcceptanceFiled | works_accepted.AcceptanceRevoked):
        filed = isinstance(event, works_accepted.AcceptanceFiled)
        yield says(Relation.FILED, package, acceptance, State.HOLDS if filed else State.OVER)
    if isinstance(event, works_checked.DefectEvent):
        defect = Thing(Kind.DEFECT, f"{event.package_id}~{event.defect_id}")
        yield says(Relation.FOUND, package, defect, _DEFECTS[type(event)])
