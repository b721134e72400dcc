"""Act: what became of each demand, from its case to an acceptance or to a reason."""

import asyncio
from collections.abc import Mapping
from typing import Any

from linli.contracts.workflow.case import CaseState
from linli_cli.demo.renewal.stage import Stage

ENDED_WITHIN = 60.0
"""Seconds of real time after the last act in which every demand has its end, and its case is resolved by it."""
DONE = frozenset({CaseState.RESOLVED, CaseState.CLOSED})
TO_ACCEPTANCE = frozenset({"case", "round", "cluster", "item", "package", "acceptance", "end"})
"""The stages of a demand for which something was built."""


async def follow(stage: Stage, demands: Mapping[int, str]) -> None:
    """Looks until all have come to their end, or the time is over; what is found then stands in `stage.seen`."""
    lineages: dict[int, dict[str, Any]] = {}
    cases: dict[str, str] = {}
    try:
        async with asyncio.timeout(ENDED_WITHIN):
            while not (_ended(lineages, demands) and _resolved(cases, demands)):
                for number in sorted(demands):
                    if not (lineages.get(number) or {}).get("end"):
                        lineages[number] = await stage.get(f"/v1/lineage/{demands[number]}")
                wanted = {"ids": list(demands.values())}
                cases = (await stage.speaker.post("workflow", "/v1/cases:lookup", wanted))["found"]
                await asyncio.sleep(0.3)
    except TimeoutError:
        pass  # the figures say of how many
    stage.seen["lineages"], stage.seen["cases"] = lineages, cases


def is_whole(lineage: Mapping[str, Any]) -> bool:
    """Whether it leads to an acceptance without a gap, or ends with a reason that can be read."""
    stages = {each["stage"] for each in lineage["steps"]}
    if lineage["end"] == "accepted":
        return stages >= TO_ACCEPTANCE
    return bool(lineage["end"]) and any(each["reason"] for each in lineage["steps"])


def _ended(lineages: Mapping[int, Mapping[str, Any]], demands: Mapping[int, str]) -> bool:
    return len([each for each in lineages.values() if each["end"]]) == len(demands)


def _resolved(cases: Mapping[str, str], demands: Mapping[int, str]) -> bool:
    return len([state for state in cases.values() if state in DONE]) == len(demands)
