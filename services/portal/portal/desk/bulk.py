"""Many cases at once: each as if it were alone, with its own outcome and its own reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linli.gathering import few_at_once
from linli.web.problem_words import document as document_of
from linli.web.problems import Problem
from portal.desk.acting import act_on
from portal.desk.given import AtTheDesk
from portal.desk.store import Result

AT_MOST = 50


@dataclass(frozen=True, slots=True)
class Chosen:
    """One case of a bulk as it was looked at, and what would become of it."""

    case: Mapping[str, Any]
    after: Mapping[str, Any] | None
    refused: str | None


async def chosen(here: AtTheDesk, ids: Sequence[str]) -> list[Mapping[str, Any]]:
    """The cases that the person sees, in the order in which they were chosen."""
    found = await here.read("/v1/cases", {"id": list(ids), "limit": AT_MOST, "merged": "true"})
    by_id = {each["id"]: each for each in found["items"]}
    return [by_id[id] for id in ids if id in by_id]


async def look(
    here: AtTheDesk, action: str, body: Mapping[str, Any], cases: Sequence[Mapping[str, Any]]
) -> list[Chosen]:
    """What would become of each. Raises 401 once all have answered."""
    signed_out: list[Problem] = []

    async def one(case: Mapping[str, Any]) -> Chosen:
        try:
            return Chosen(case, await act_on(here, action, case["id"], body, case["version"], None), None)
        except Problem as problem:
            if problem.status == 401:
                signed_out.append(problem)
            return Chosen(case, None, _reason(problem))

    found = await few_at_once(one, cases)
    if signed_out:
        raise signed_out[0]
    return found


async def do(
    here: AtTheDesk, action: str, body: Mapping[str, Any], versions: Mapping[str, int], key: str
) -> list[Result]:
    """Do it with each that was looked at, as it was then; a repetition under the same key does nothing twice.

    Who is signed out in the middle of it has done some: that is a result like any other.
    """

    async def one(asked: tuple[str, int]) -> Result:
        id, version = asked
        try:
            await act_on(here, action, id, body, version, f"{key}{id}")
        except Problem as problem:
            return Result(id, False, _reason(problem))
        return Result(id, True, "")

    return await few_at_once(one, versions.items())


def _reason(problem: Problem) -> str:
    return str(document_of(problem)["detail"])
