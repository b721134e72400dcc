"""The health of deliveries, for `linli status` and `linli doctor`: waiting, given up, refused by an endpoint."""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from prometheus_client.samples import Sample
from pydantic import BaseModel

from linli_cli.operations.databases import Databases
from linli_cli.operations.finding import Finding, ok, wrong
from linli_cli.terminal.language import say
from linli_cli.terminal.words import counted

GIVEN_UP_FOR = timedelta(days=7)
"""As notify's gauge has it: what is older, nobody will care about any more."""
NAMED_AT_MOST = 5
REFUSED = {"state": "due", "channel": "webhook", "last_error": {"$regex": "^(address_refused|http_[34])"}}
"""Deliveries to endpoints that refuse."""


class DeliveryHealth(BaseModel):
    """None: notify does not say."""

    due: int | None
    given_up: int | None
    """In the last seven days, with those that had no channel."""
    endpoints_refusing: int | None
    source: str | None = None
    """`mongodb`, or `service`: its own word."""
    at: datetime | None = None


def count_deliveries(samples: Iterable[Sample] | None, now: datetime) -> DeliveryHealth | None:
    """From notify's metrics; None when it could not be asked."""
    if samples is None:
        return None
    sums: dict[str, float] = {}
    for sample in samples:
        sums[sample.name] = sums.get(sample.name, 0.0) + sample.value
    due, refusing = (whole(sums.get(f"linli_notify_{name}")) for name in ("due", "endpoints_refusing"))
    if due is None or refusing is None:
        return DeliveryHealth(due=None, given_up=None, endpoints_refusing=None)
    given_up = int(sums.get("linli_notify_given_up", 0))
    return DeliveryHealth(due=due, given_up=given_up, endpoints_refusing=refusing, source="service", at=now)


def known(value: float | None) -> float | None:
    """What a service tells as no number it does not know."""
    return None if value is None or math.isnan(value) else value


def whole(value: float | None) -> int | None:
    """The same of what is counted."""
    found = known(value)
    return None if found is None else int(found)


def in_words(health: DeliveryHealth | None) -> str:
    """One line below the tables."""
    if health is None or health.due is None:
        return say("Deliveries: unknown.")
    refusing = health.endpoints_refusing
    line = say(
        "Deliveries: {due} on their way, {given_up} given up in the last 7 days{refusing}.",
        due=health.due,
        given_up=health.given_up,
        refusing=say(", {endpoints} refusing what is sent", endpoints=counted(refusing, "endpoint"))
        if refusing
        else "",
    )
    return line + (say(" Which: linli deliveries list --state failed") if health.given_up else "")


def _given_up(now: datetime) -> dict[str, Any]:
    since = now - GIVEN_UP_FOR
    return {"state": {"$in": ["failed", "undeliverable"]}, "finished_at": {"$gte": since}}


async def count_in_database(databases: Databases) -> DeliveryHealth:
    """The same from notify's database, whether or not notify runs."""
    collection, now = databases.of("notify").deliveries, await databases.now()
    by_party = {"$group": {"_id": {"community": "$community", "recipient": "$recipient"}}}
    return DeliveryHealth(
        due=await collection.count_documents({"state": "due"}),
        given_up=await collection.count_documents(_given_up(now)),
        endpoints_refusing=len(await collection.aggregate([{"$match": REFUSED}, by_party]).to_list(None)),
        source="mongodb",
        at=now,
    )


async def deliveries(databases: Databases) -> list[Finding]:
    """What was given up lately and why; which parties' endpoints refuse."""
    collection = databases.of("notify").deliveries
    by_reason: list[dict[str, Any]] = await collection.aggregate(
        [
            {"$match": _given_up(await databases.now())},
            {"$group": {"_id": "$reason", "number": {"$sum": 1}, "to": {"$addToSet": "$recipient"}}},
        ]
    ).to_list(None)
    refusing: list[dict[str, Any]] = await collection.aggregate(
        [{"$match": REFUSED}, {"$group": {"_id": ["$recipient", "$last_error"], "number": {"$sum": 1}}}]
    ).to_list(None)
    found = [gave_up(each["_id"] or "", each["number"], each["to"]) for each in by_reason]
    found += [refuses(each["_id"][0], each["_id"][1], each["number"]) for each in refusing]
    found.sort(key=lambda finding: finding.said)
    return found or [ok("deliveries", say("None was given up in the last 7 days."))]


def gave_up(reason: str, number: int, recipients: Sequence[str]) -> Finding:
    """All of one reason. Residents are not named."""
    parties = sorted(each.removeprefix("party:") for each in recipients if each.startswith("party:"))
    named = say(", ").join(parties[:NAMED_AT_MOST]) + (say(" and others") if len(parties) > NAMED_AT_MOST else "")
    state = " --state undeliverable" if reason in {"no_channel", "unknown_party"} else ""
    message = say(
        "{deliveries} to {named} given up: {reason}.",
        deliveries=counted(number, "delivery", "deliveries"),
        named=named or say("residents"),
        reason=reason,
    )
    todo = say("Mend it (a party's channel: linli community load), then: {command}", command="linli deliveries retry")
    return wrong("deliveries", message, f"{todo}{state} --reason {reason}")


def refuses(recipient: str, reason: str, number: int) -> Finding:
    """A party's endpoint that is tried again, in vain so far."""
    party = recipient.removeprefix("party:")
    return wrong(
        "deliveries",
        say(
            "{party}'s endpoint refuses ({reason}); {waiting}.",
            party=party,
            reason=reason,
            waiting=counted(number, "delivery waits", "deliveries wait"),
        ),
        say("They are tried for 10 to 21 hours. Ask the party, or correct its webhook: linli community load"),
    )
