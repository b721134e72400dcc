"""The actions on a case: the bodies of requests, and the options of `linli act`.

Text goes into letters and to partners, so it is masked as it is read.
"""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, model_validator

from linli.contracts.base import Record, Slug
from linli.contracts.intake.submission import Point
from linli.contracts.kinds import Kind
from linli.contracts.neighbourhood.deliberations_settled import Promise
from linli.contracts.workflow.case import Waiting
from linli.text.fields import Impersonal, Line, Paragraphs
from linli.web.localized import Localized, listed

PARTICULARS = ("kind", "title", "neighbourhood", "category", "place", "location")
"""What of a case can be put right."""


class ActionRequest(Record):
    """What goes with an action. `by` is the party in whose name it is done.

    Unless said, the one that the key is for. An operator's is written down as the responsible party's step, or as the
    operator's where that party could not have decided it.
    """

    by: Slug | None = Field(None, examples=["grid-3"])
    message: Annotated[str, Paragraphs(2_000), Impersonal] | None = Field(
        None, examples=["已联系施工单位，明天上午到场。"]
    )


class Returned(ActionRequest):
    """A case handed back: the reason is required."""

    reason: Annotated[str, Paragraphs(2_000, 1), Impersonal] = Field(examples=["该路段由市政管理，不属于物业范围。"])
    evidence: list[Annotated[str, Line(64, 1)]] = Field(default_factory=list, max_length=30)
    """Photos of the case that show why, by id."""


class Progressed(ActionRequest):
    """How it is going; in the case of an invitation also to what the party commits itself."""

    promise: Promise | None = Field(
        None, description="Of an invitation to a deliberation: what is promised, in the words of `message`"
    )

    @model_validator(mode="after")
    def _in_words(self) -> "Progressed":
        if self.promise is not None and not (self.message or "").strip():
            raise ValueError(Localized("a promise needs a message", "承诺要写明 message"))
        return self


class Resolved(ActionRequest):
    """A case that is done: the answer to its reporter is required."""

    message: Annotated[str, Paragraphs(2_000, 1), Impersonal] = Field(examples=["路灯已更换，今晚可正常照明。"])
    promise: Promise | None = Field(
        None, description="Of an invitation to a deliberation: what is promised, in the words of `message`"
    )


class Reassigned(ActionRequest):
    """A case given to another party."""

    party: Slug = Field(examples=["water"])


class Paused(ActionRequest):
    """Pauses the clock of a case, and says what it waits for."""

    waiting_for: Waiting = Field(examples=["part"])


class MergedInto(ActionRequest):
    """A case that is about the matter of another one."""

    into: Annotated[str, Line(64, 1)] = Field(examples=["0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a01"])


class Corrected(ActionRequest):
    """A case that is put right. What is not named stays; `null` takes neighbourhood, category, place or point away."""

    reason: Annotated[str, Paragraphs(2_000, 1), Impersonal] = Field(examples=["反映人说的是东门，不是西门。"])
    kind: Kind | None = None
    title: Annotated[str, Line(200, 1), Impersonal] | None = Field(None, examples=["东门路灯不亮"])
    neighbourhood: Slug | None = Field(None, examples=["huaiyin-li"])
    category: Slug | None = Field(None, examples=["facilities.lighting"])
    place: Annotated[str, Line(200, 1), Impersonal] | None = Field(None, examples=["东门"])
    location: Point | None = None
    """Without a neighbourhood the one in whose outline the point lies is taken."""
    reroute: bool = Field(False, description="Ask the rules anew: the party that they name gets it, with its deadlines")
    new_deadlines: bool = Field(False, description="The party that has it gets the time of the rule that fits it now")

    @model_validator(mode="after")
    def _named(self) -> "Corrected":
        for name in ("kind", "title"):
            if name in self.model_fields_set and getattr(self, name) is None:
                english = "a case without a {name} is none"
                raise ValueError(Localized(english, "事项不能没有 {name}", name=name))
        if not self.model_fields_set.intersection(PARTICULARS) and not self.reroute and not self.new_deadlines:
            english = "say what is to be put right: {names}; or reroute, or new_deadlines"
            chinese = "请说明更正什么：{names}；或 reroute、new_deadlines"
            raise ValueError(Localized(english, chinese, names=listed(PARTICULARS)))
        return self


class PartRequest(Record):
    """What one party is to do of a case."""

    party: Slug = Field(examples=["water"])
    message: Annotated[str, Paragraphs(2_000, 1), Impersonal] = Field(examples=["修复破裂的供水管。"])
    title: Annotated[str, Line(200, 1), Impersonal] | None = Field(None, examples=["3号楼前水管破裂"])


class SplitInto(ActionRequest):
    """Splits a case among several parties."""

    parts: list[PartRequest] = Field(min_length=2, max_length=20)


ACTIONS: Mapping[str, type[ActionRequest]] = {
    "accept": ActionRequest,
    "return": Returned,
    "send_back": ActionRequest,
    "progress": Progressed,
    "resolve": Resolved,
    "close": ActionRequest,
    "reopen": ActionRequest,
    "reassign": Reassigned,
    "pause": Paused,
    "resume": ActionRequest,
    "note": ActionRequest,
    "merge": MergedInto,
    "unmerge": ActionRequest,
    "split": SplitInto,
    "correct": Corrected,
}
"""Each action by the name that it has in a path, `POST /v1/cases/{id}:<action>`, with what is said with it."""
