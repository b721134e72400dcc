"""A plan's steps: the demands it owes an answer to, items that cite them, reasons for the rest, a frozen version."""

from collections.abc import Mapping
from typing import Any

from portal.addresses import at
from portal.pages.language import _
from portal.renewal import plan_words as p
from portal.renewal import words as w
from portal.renewal.forms import Field
from portal.renewal.steps.fields import area, choice, line, lines, some, yuan
from portal.renewal.steps.step import Affair, Asks, Body, Kind, Known, Step
from portal.services import NOT_TO_BE_HAD, or_none

CATEGORIES = ("basic", "improvement", "enhancement")
PAYERS = ("government", "owners", "repair_fund", "utility", "investor", "other")
MOST = 1_000
"""Demands that a form lists; others are named by their numbers."""


async def texts_of_demands(known: Known) -> dict[str, str]:
    """What households have written, by the demand that came of it: of all surveys of the place."""
    found: dict[str, str] = {}
    for each in await or_none(known.here.get("/v1/rounds", known.place), NOT_TO_BE_HAD) or []:
        path = at("/v1/rounds/{id}/proposals", id=each["id"])
        proposed = await or_none(known.here.get(path, {"all": "true"}), NOT_TO_BE_HAD) or []
        found |= {demand["id"]: demand["text"] for one in proposed for demand in one["demands"]}
    return found


def _payer(share: Mapping[str, Any]) -> str:
    party = share.get("party")
    return f"{p.payer(share['payer'])} ({party})" if party else p.payer(share["payer"])


async def _begin(known: Known) -> Asks:
    plans = await known.here.get("/v1/plans", known.place)
    holding = [(each["id"], w.wording(each["title"])) for each in plans if each["stage"] == "finalised"]
    fields = [
        line("title.zh", _("What the plan is called")),
        line("title.en", _("In English"), required=False),
    ]
    if holding:
        fields.append(choice("replaces", _("In the place of"), holding, required=False))
    return Asks(fields, also=known.place)


async def _take(known: Known) -> Asks:
    texts = await texts_of_demands(known)
    open_ones = [(id, text) for id, text in texts.items() if id not in known.affair["demands"]][:MOST]
    fields = [
        some("surveys", _("Of surveys"), open_ones, [id for id, _text in open_ones], required=False),
        lines("numbers", _("By their numbers"), required=False, hint=_("A line each.")),
    ]

    def made(said: Body) -> Body:
        return {"demands": [*dict.fromkeys([*said.get("surveys", []), *said.get("numbers", [])])]}

    return Asks(fields, follows=_("The plan owes each an answer: an item, or a reason."), made=made)


async def _item(known: Known) -> Asks:
    before: Mapping[str, Any] = known.affair["items"].get(known.of) or {}
    texts = await texts_of_demands(known)
    demands = [(id, texts.get(id) or id) for id in sorted(known.affair["demands"])][:MOST]
    title, more = before.get("title") or {}, before.get("description") or {}
    shares = [*before.get("shares", ())]
    shares += [{"payer": payer} for payer in PAYERS if payer not in {each["payer"] for each in shares}]
    categories = [(each, w.category(each)) for each in CATEGORIES]
    fields: list[Field] = [
        choice("item.category", _("Kind"), categories, before.get("category", "")),
        line("item.title.zh", _("What is to be done"), title.get("zh", "")),
        line("item.title.en", _("In English"), title.get("en") or "", required=False),
        area("item.description.zh", _("In more words"), more.get("zh", ""), required=False, most=2_000),
    ]
    fields += [
        yuan(
            f"share-{place}",
            _("Paid by %(whom)s, in yuan") % {"whom": _payer(each)},
            each.get("fen"),
            required=False,
        )
        for place, each in enumerate(shares)
    ]
    cited = before.get("demands", ())
    fields.append(some("item.demands", _("Demands that it answers"), demands, cited, required=False))

    def made(said: Body) -> Body:
        paid = [
            {"payer": each["payer"], "party": each.get("party"), "fen": said[f"share-{place}"]}
            for place, each in enumerate(shares)
            if f"share-{place}" in said
        ]
        whole = {"id": known.of if before else known.fresh("i"), "shares": paid}
        return {"item": said["item"] | whole | {"estimate": sum(each["fen"] for each in paid)}}

    return Asks(fields, _("What it is thought to cost is the sum of who pays what."), made=made)


async def _remove(known: Known) -> Asks:
    found = known.affair["items"].get(known.of)
    return Asks(also={"item": known.of}, follows=w.wording(found["title"]) if found else "")


async def _decline(known: Known) -> Asks:
    texts = await texts_of_demands(known)
    left = known.affair["demands"]
    open_ones = [(id, texts.get(id) or id) for id in unanswered(known.affair)][:MOST]
    known_one = [(known.of, texts.get(known.of) or known.of)] if known.of in left else []
    return Asks(
        [
            choice("demand", _("Demand"), dict([*known_one, *open_ones]).items(), known.of),
            area("reason.zh", _("Why the plan does not take it up"), most=2_000),
            area("reason.en", _("In English"), most=2_000, required=False),
        ],
        follows=_("Whoever made the demand reads the reason, and so does everybody."),
    )


async def _reconsider(known: Known) -> Asks:
    return Asks(also={"demand": known.of}, follows=_("The plan owes it an answer again."))


async def _freeze(known: Known) -> Asks:
    says = _("This version is posted at once, under the hash of exactly this text. A change of anything is another.")
    if known.affair["versions"]:
        return Asks(follows=says)
    hint = _("A line each, by their ids. It hangs in each of them.")
    return Asks([lines("buildings", _("Buildings"), hint=hint)], says)


async def _answer(known: Known) -> Asks:
    outcomes = [
        ("upheld", _("It is right: the plan has to change")),
        ("explained", _("The plan stays as it is, for this reason")),
    ]
    return Asks(
        [
            choice("outcome", _("What becomes of it"), outcomes),
            area("answer.zh", _("The answer"), most=2_000, hint=_("Everybody can read it: no names.")),
            area("answer.en", _("In English"), most=2_000, required=False),
        ],
        also={"objection": known.of},
    )


async def _take_back(known: Known) -> Asks:
    path = at("/v1/plans/{id}/objections", id=known.affair["id"])
    said = await or_none(known.here.get(path), NOT_TO_BE_HAD) or []
    whose = next((each["household"] for each in said if each["objection"] == known.of), "")
    says = _("The household that objected has asked for it at the office.")
    return Asks([line("household", _("Household, by its id"), whose, most=80)], says, {"objection": known.of})


async def _on_paper(known: Known) -> Asks:
    items = [(id, w.wording(each["title"])) for id, each in known.affair["items"].items()]
    return Asks(
        [
            line("household", _("Household, by its id"), most=80),
            choice("item", _("Against what"), items, required=False, hint=_("Empty: against the whole.")),
            area("text", _("In its words")),
        ]
    )


async def _finalise(known: Known) -> Asks:
    return Asks(follows=_("What hung for its days holds from now on. Every objection has its answer."))


def unanswered(plan: Affair) -> list[str]:
    """Demands that no item cites and that are not declined."""
    cited = {demand for item in plan["items"].values() for demand in item["demands"]}
    return sorted({*plan["demands"]} - cited - plan["declined"].keys())


def _open(plan: Affair) -> bool:
    return plan["stage"] in {"drafting", "noticed"}


PLANS = Kind(
    "plans",
    [
        Step("take_demands", lambda: _("Take demands in"), _take, _open),
        Step("write_item", lambda: _("Write an item"), _item, _open),
        Step("remove_item", lambda: _("Take an item out"), _remove, _open, of_one=True),
        Step("decline", lambda: _("Decline a demand"), _decline, lambda plan: _open(plan) and bool(unanswered(plan))),
        Step("reconsider", lambda: _("Take that back"), _reconsider, _open, of_one=True),
        Step(
            "freeze", lambda: _("Freeze and post"), _freeze, lambda plan: plan["stage"] == "drafting" and plan["items"]
        ),
        Step("answer_objection", lambda: _("Answer an objection"), _answer, _open, of_one=True),
        Step("withdraw_objection", lambda: _("Take the objection back"), _take_back, _open, of_one=True),
        Step(
            "objections",
            lambda: _("Enter an objection from paper"),
            _on_paper,
            lambda plan: bool(plan["stage"] == "noticed"),
            "households:enter",
            path="/v1/plans/{id}/objections",
        ),
        Step("finalise", lambda: _("Make it final"), _finalise, lambda plan: bool(plan["stage"] == "noticed")),
    ],
    Step("begin", lambda: _("Begin a plan"), _begin),
)
