"""The events of a package and the refusals that several decisions share."""

from datetime import datetime
from typing import TypeAlias, TypeVar

from linli.contracts.neighbourhood.works import PackageEvent
from linli.web.localized import Localized
from neighbourhood.refusal import Refusal, refused
from neighbourhood.telling import told
from neighbourhood.works.domain.commands import PackageCommand
from neighbourhood.works.domain.package import Package, PackageState
from neighbourhood.works.domain.turns import turn_of

E = TypeVar("E", bound=PackageEvent)
Decision: TypeAlias = PackageEvent | Refusal


def tell(kind: type[E], package: Package, command: PackageCommand, now: datetime, /, **fields: object) -> E:
    """An event with what all of a package's carry. Raises `pydantic.ValidationError` for what none may hold."""
    asks = turn_of(kind, package, fields)
    return told(kind, package, command, now, package_id=package.id, asks=asks, **fields)


STATES = {
    PackageState.BUILDING: Localized("being built", "施工中"),
    PackageState.COMPLETED: Localized("completed", "已完工"),
    PackageState.REQUESTED: Localized("waiting for acceptance", "已申请验收"),
    PackageState.CONVENED: Localized("being accepted", "验收中"),
    PackageState.ACCEPTED: Localized("accepted", "验收合格"),
    PackageState.FILED: Localized("filed", "已备案"),
    PackageState.HANDED_OVER: Localized("handed over", "已移交"),
}


def not_now(package: Package) -> Refusal:
    """What is asked for does not fit where the package stands."""
    return refused(
        "package_state",
        "That cannot be done with works that are {state}.",
        "工程现在“{state}”，不能这样做。",
        state=STATES[package.state],
    )


def not_yours(english: str, chinese: str) -> Refusal:
    """Who asks has not the role on the site that it takes."""
    return refused("not_the_role", english, chinese)


def unknown(what: Localized) -> Refusal:
    return refused("unknown", "There is no such {what}.", "没有这个{what}。", what=what)


def known_already(what: Localized) -> Refusal:
    return refused("known_already", "There is a {what} of this id already.", "这个编号的{what}已经有了。", what=what)
