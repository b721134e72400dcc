"""Act: twelve disputes of the same neighbours, each mediated to an agreement that is kept or broken, or upwards."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from linli.contracts.workflow.case import CaseState
from linli_cli.demo.disputes import ENDINGS, mediate
from linli_cli.demo.renewal.stage import Stage

KNOWN_WITHIN = 60.0
"""Seconds of real time in which submissions are cases that some rule has looked at."""


async def settle(stage: Stage, disputes: Sequence[Mapping[str, Any]]) -> None:
    """Submitted as residents do, then mediated one after another."""
    speaker = stage.speaker
    receipts = [await speaker.post("intake", "/v1/submissions", body, operator=False) for body in disputes]
    await _known(stage, [each["id"] for each in receipts])
    stage.seen["disputes"] = [
        {"case": receipt["id"], "code": receipt["tracking_code"]}
        | {"mediation": (await mediate(speaker, receipt, ending, stage.zone)).mediation}
        for receipt, ending in zip(receipts, ENDINGS, strict=True)
    ]


async def _known(stage: Stage, ids: Sequence[str]) -> None:
    async with asyncio.timeout(KNOWN_WITHIN):
        while True:
            found = (await stage.speaker.post("workflow", "/v1/cases:lookup", {"ids": list(ids)}))["found"]
            if len([state for state in found.values() if state != CaseState.OPEN]) == len(ids):
                return
            await asyncio.sleep(0.2)
