"""Search parameters as filters of a list of cases."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from linli.contracts.workflow.community import PartyKind
from linli.privacy.masking import masked
from linli.text.grams import asked_for
from linli.web.localized import Localized
from linli.web.problems import Problem
from workflow.cases.order import Order, Place
from workflow.community.domain.directory import Directory


def words_in(q: str) -> Collection[str]:
    """Raises `Problem` 422 for what is in no case: a telephone number, an e-mail address; and for single letters."""
    if masked(q) != q:
        english = (
            "Numbers and addresses of residents are with intake alone: ask POST /v1/residents:find there, then `id`."
        )
        chinese = "居民的电话和邮箱只保存在受理服务：请先在那里用 POST /v1/residents:find 查找，再用 `id` 查询。"
        raise Problem("not_in_cases", 422, Localized(english, chinese))
    if not (grams := asked_for(q)):
        message = Localized("write a word of two letters or more", "请写两个字以上的词")
        raise Problem(
            "invalid",
            422,
            Localized("q: {wrong}.", "q：{wrong}。", wrong=message),
            errors=[{"field": "q", "message": message}],
        )
    return grams


def with_words(grams: Sequence[str]) -> dict[str, Any]:
    """What has all of them, looked for by the first."""
    first, *others = grams
    return {"grams": first} | ({"$and": [{"grams": {"$all": others}}]} if others else {})


def between(field: str, since: datetime | None, before: datetime | None) -> dict[str, Any]:
    wanted = {name: moment for name, moment in (("$gte", since), ("$lt", before)) if moment}
    return {field: wanted} if wanted else {}


def of_kind(kind: PartyKind, directories: Mapping[str, Directory]) -> dict[str, Any]:
    """Of parties that are this; of nobody where there are none."""
    those = {
        community: [party.id for party in directory.community.parties if party.kind is kind]
        for community, directory in directories.items()
    }
    each = [{"community": community, "party": {"$in": ids}} for community, ids in those.items() if ids]
    return {"$or": each} if each else {"party": {"$in": []}}


def place_in(order: Order, cursor: str | None) -> Place | None:
    """Raises `Problem` 422 for a cursor of another order."""
    place = Place.read(cursor) if cursor else None
    if place and (place.at is None) is not (order is Order.NEWEST):
        message = Localized("belongs to a list in another order", "属于另一种排序的列表，请从第一页重新开始")
        raise Problem(
            "invalid",
            422,
            Localized("cursor {wrong}.", "cursor {wrong}。", wrong=message),
            errors=[{"field": "cursor", "message": message}],
        )
    return place
