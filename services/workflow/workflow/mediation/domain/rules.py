"""What the law and the office say of mediation: data, with where each is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a rule comes from. One that is not confirmed is to be checked with a lawyer."""

    text: str
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class MediationRules:
    """What holds in a community. `sources` has one for each of the other fields but the zone."""

    zone: tzinfo
    confirm_days: int
    """So many days after it takes effect those concerned can ask the court together to confirm an agreement."""
    visit_days: int
    """So many days after the draft the return visit is, where the draft says nothing else."""
    sealed: bool
    """A mediator's signature counts with the mediation committee's seal only."""
    least_told: int
    """Figures of fewer mediations than this are not told."""
    sources: Mapping[str, Basis]


_SOURCES = {
    "confirm_days": Basis(
        "人民调解法 33（自调解协议生效之日起三十日内，双方共同申请司法确认）；当日不计入：民法典 201"
    ),
    "visit_days": Basis("人民调解法 31；人民调解工作若干规定 39（回访）。三十日是街道自定，没有条文", confirmed=False),
    "sealed": Basis("人民调解法 29（当事人签名、人民调解员签名并加盖人民调解委员会印章之日起生效）"),
    "least_told": Basis("没有条文，按统计上的通常做法不公布五件以下的数字", confirmed=False),
}


def rules_in(zone: tzinfo) -> MediationRules:
    """Those of the people's mediation, which hold in the whole country."""
    return MediationRules(zone, confirm_days=30, visit_days=30, sealed=True, least_told=5, sources=_SOURCES)
