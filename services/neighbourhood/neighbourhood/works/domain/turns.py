"""Whose turn it is after each step of a package: the parties that are told, and on whose desk it lies."""

from collections.abc import Mapping

from linli.contracts.neighbourhood import works as events
from linli.contracts.neighbourhood import works_accepted as accepted
from linli.contracts.neighbourhood import works_checked as checked
from linli.contracts.neighbourhood.works import PackageEvent, SiteRole
from neighbourhood.works.domain.package import Package

_OF_ROLES: dict[type[PackageEvent], tuple[SiteRole, ...]] = {
    checked.HiddenWorkNotified: (SiteRole.SUPERVISOR, SiteRole.CLIENT),
    checked.HiddenWorkFailed: (SiteRole.BUILDER,),
    checked.DefectReported: (SiteRole.SUPERVISOR, SiteRole.CLIENT),
    checked.RectificationSubmitted: (SiteRole.SUPERVISOR, SiteRole.CLIENT),
    accepted.AcceptanceRequested: (SiteRole.CLIENT,),
    accepted.AcceptanceConvened: tuple(SiteRole),
    accepted.AcceptanceFailed: (SiteRole.BUILDER,),
    accepted.WorksDutyReminded: (SiteRole.CLIENT,),
}


def turn_of(kind: type[PackageEvent], package: Package, said: Mapping[str, object]) -> tuple[str, ...]:
    """The parties that have to do something about an event, each once; none where nobody has."""
    found: list[object] = [package.party_of(role) for role in _OF_ROLES.get(kind, ())]
    if kind in {checked.RectificationOrdered, events.PackageHandedOver}:
        found = [said["to"]]
    if kind is checked.RectificationReturned and (defect := package.defects.get(str(said["defect_id"]))):
        found = [defect.to]
    if kind is accepted.WarrantyReminded:
        found = [package.kept_by or package.party_of(SiteRole.CLIENT)]
    return tuple(dict.fromkeys(str(each) for each in found if each))
