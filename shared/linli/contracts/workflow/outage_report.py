"""What a partner says of an outage. Not an event of ours: what it came to is, as a receipt beside those of updates."""

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, model_validator

from linli.contracts.base import Record, Slug
from linli.contracts.workflow.outage import Cause, Confidence, OutageId, Utility
from linli.contracts.workflow.outage_area import Area
from linli.contracts.workflow.partner import UpdateId
from linli.text.fields import Impersonal, Paragraphs
from linli.web.localized import Localized
from linli.web.rfc3339 import Moment


class OutageDid(StrEnum):
    """What has become of an outage."""

    DECLARED = "declared"
    EXTENDED = "extended"
    """It lasts longer, or is over sooner, than was said."""
    AREA_CHANGED = "area_changed"
    PARTIALLY_RESTORED = "partially_restored"
    """`area` is what is still out."""
    RESTORED = "restored"
    CANCELLED = "cancelled"


_NEEDS = {
    OutageDid.DECLARED: ("area",),
    OutageDid.EXTENDED: ("until",),
    OutageDid.AREA_CHANGED: ("area",),
    OutageDid.PARTIALLY_RESTORED: ("area",),
}
_ALSO = {
    OutageDid.DECLARED: {"planned", "utility", "category", "cause", "starts_at", "until", "confidence"},
    OutageDid.EXTENDED: {"confidence"},
    OutageDid.PARTIALLY_RESTORED: {"until", "confidence"},
}
_OF_SOME = (
    *("planned", "utility", "category", "cause", "starts_at"),
    *("until", "confidence", "area", "customers_affected"),
)
"""Fields that do not go with everything."""
_COUNTED = {OutageDid.DECLARED, OutageDid.AREA_CHANGED, OutageDid.PARTIALLY_RESTORED}


class OutageReport(Record):
    """What a partner says of an outage. Its words are masked as they are read."""

    report_id: UpdateId = Field(examples=["water-out-2026-0042-1"])
    """The partner's own name for this report, by which a repetition is known."""
    outage_id: OutageId = Field(examples=["water-out-2026-0042"])
    """The partner's own name for the outage, the same in all that it says of it."""
    did: OutageDid = Field(examples=["declared"])
    occurred_at: AwareDatetime = Field(examples=["2026-11-29T08:30:00+08:00"])
    """When it happened, by the partner's clock."""
    planned: bool | None = Field(None, strict=True)
    utility: Utility | None = Field(None, examples=["water"])
    """What is off; what the partner deals in unless said."""
    category: Slug | None = None
    """The community's category of reports about it; `water….outage` unless said, where there is one."""
    cause: Cause | None = Field(None, examples=["works"])
    starts_at: Moment | None = None
    """Of a declared one: since when; `occurred_at` unless said."""
    until: Moment | None = Field(None, examples=["2026-11-29T18:00:00+08:00"])
    """When it is expected to be over."""
    confidence: Confidence | None = None
    area: Area | None = None
    customers_affected: Annotated[int, Field(ge=0, le=10_000_000, strict=True)] | None = None
    message: Annotated[str, Paragraphs(1_000), Impersonal] | None = Field(None, examples=["主管道抢修，请提前储水。"])
    """For those who wait."""

    @model_validator(mode="after")
    def _fits(self) -> "OutageReport":
        needed = _NEEDS.get(self.did, ())
        for name in needed:
            if getattr(self, name) is None:
                raise ValueError(Localized("'{did}' needs {field}", "“{did}”要写明 {field}", did=self.did, field=name))
        may = {*needed, *_ALSO.get(self.did, ()), *(("customers_affected",) if self.did in _COUNTED else ())}
        for name in _OF_SOME:
            if name not in may and getattr(self, name) is not None:
                raise ValueError(
                    Localized("{field} does not go with '{did}'", "{field} 不与“{did}”同用", did=self.did, field=name)
                )
        return self
