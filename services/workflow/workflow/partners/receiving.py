"""What partners say, each once: of orders, and of outages (`workflow/outages`)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Protocol, TypeVar

from linli.contracts.workflow.partner import Outcome, UpdateReceived
from linli.web.localized import Localized
from workflow.partners.domain.partner import Partner
from workflow.partners.store import Received

REMEMBERED = frozenset({Outcome.APPLIED, Outcome.NOTED, Outcome.SUPERSEDED})
"""What is final. What came before its order, by a wrong clock, or with a fault may come again under its id."""


class Said(Protocol):
    """Something that a partner says."""

    def model_dump_json(self) -> str: ...


S = TypeVar("S", bound=Said)


async def each_once(
    said: Sequence[S],
    id_of: Callable[[S], str],
    named: Callable[[S], Mapping[str, Any]],
    before: Mapping[str, Received],
    apply: Callable[[S], Awaitable[UpdateReceived]],
) -> tuple[list[UpdateReceived], dict[str, Received]]:
    """A receipt for each, in order, and what is to be remembered by its id.

    `before` has what was taken earlier, by id; `named` says what a receipt calls it by.
    """
    receipts: list[UpdateReceived] = []
    taken: dict[str, Received] = {}
    for each in said:
        id, fingerprint = id_of(each), sha256(each.model_dump_json().encode()).hexdigest()
        seen = before.get(id) or taken.get(id)
        if seen is not None:
            receipts.append(_again(seen, fingerprint, named(each)))
            continue
        receipt = await apply(each)
        if receipt.outcome in REMEMBERED:
            taken[id] = Received(fingerprint, receipt)
        receipts.append(receipt)
    return receipts, taken


def receipt_for(
    partner: Partner, names: Mapping[str, Any], outcome: Outcome, text: Localized, **more: Any
) -> UpdateReceived:
    """What became of something that this partner said."""
    fields = {"community": partner.community, "party": partner.party, "outcome": outcome}
    return UpdateReceived(**fields, text_zh=text.chinese, text_en=str(text), **names, **more)


def _again(seen: Received, fingerprint: str, names: Mapping[str, Any]) -> UpdateReceived:
    """The answer where the id has been taken before."""
    if seen.fingerprint == fingerprint:
        outcome, text = Outcome.DUPLICATE, Localized("It has been taken before.", "这条更新先前已收到。")
    else:
        outcome = Outcome.CONFLICT
        text = Localized("Another update has this id.", "这个 update_id 已用于另一条更新。")
    said = {"outcome": outcome, "text_zh": text.chinese, "text_en": str(text)}
    return seen.receipt.model_copy(update={**said, **names})
