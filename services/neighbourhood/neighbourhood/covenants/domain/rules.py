"""Who adopts which covenant, and how long comments are taken: data, with where each is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from linli.contracts.neighbourhood.covenants import Adopter, Track
from linli.contracts.neighbourhood.rules import Citation, Read
from linli.contracts.neighbourhood.spans import Counting, Span
from neighbourhood.profiles.days import Place
from neighbourhood.sources import Source, unconfirmed


@dataclass(frozen=True, slots=True)
class TrackRule:
    """What holds for one kind of covenant. `sources` has one for each of the other fields."""

    adopter: Adopter
    legal_class: str
    """As which the vote's officer has to have recorded the matter."""
    comments: Span
    """For which comments are taken, at the least."""
    filing: Span | None
    """After the adoption; None where no rule sets a last day."""
    sources: Mapping[str, Source]


@dataclass(frozen=True, slots=True)
class CovenantRules:
    """What holds in a place."""

    scope: str
    place: Place
    tracks: Mapping[Track, TrackRule]
    sound_like_fines: tuple[str, ...]
    """Words for which a reviewer has to say why they are no fine."""
    no_fines: Source
    in_force_from: date | None = None
    in_force_until: date | None = None


_DAYS = unconfirmed("公约草案征求意见七日：没有条文，街道自定")
_COMMENTS = Span(length=7, counting=Counting.FULL, citation=Citation(law="", read=Read.CHOICE))
_NO_LAST_DAY = unconfirmed("备案没有查到期限", "请主管部门确认")

QINGDAO = CovenantRules(
    scope="qingdao",
    place=Place(ZoneInfo("Asia/Shanghai")),
    tracks={
        Track.RESIDENTS: TrackRule(
            adopter=Adopter.RESIDENTS,
            legal_class="residents_covenant",
            comments=_COMMENTS,
            filing=None,
            sources={
                "adopter": Source("城市居民委员会组织法 9、15（居民会议讨论制定，报人民政府或其派出机关备案）"),
                "legal_class": Source("城市居民委员会组织法 15"),
                "comments": _DAYS,
                "filing": _NO_LAST_DAY,
            },
        ),
        Track.OWNERS: TrackRule(
            adopter=Adopter.OWNERS,
            legal_class="covenant",
            comments=_COMMENTS,
            filing=None,
            sources={
                "adopter": Source("民法典 278(2)（制定和修改管理规约由业主共同决定）"),
                "legal_class": Source("民法典 278(2)"),
                "comments": _DAYS,
                "filing": _NO_LAST_DAY,
            },
        ),
        Track.FACILITY: TrackRule(
            adopter=Adopter.OWNERS,
            legal_class="covenant",
            comments=_COMMENTS,
            filing=None,
            sources={
                "adopter": unconfirmed("民法典 278(2)", "车棚等设施的专项公约视为管理规约的一部分，请法律顾问确认"),
                "legal_class": unconfirmed("民法典 278(2)", "或者 278(9)"),
                "comments": _DAYS,
                "filing": _NO_LAST_DAY,
            },
        ),
    },
    sound_like_fines=("罚款", "罚金", "罚没", "处罚"),
    no_fines=Source("行政处罚法：罚款由法律、法规、规章设定", confirmed=False, note="条号待核"),
)
