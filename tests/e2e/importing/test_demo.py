"""The demo on real servers: the sample's 49 submissions, each with its case, its history and its notices."""

from pathlib import Path

from rich.console import Console

from linli_cli.demo.command import play, sample_folder
from tests.support.command_line import CommandLine
from tests.support.servers import Servers
from tests.support.system import system_on


async def test_two_demos_on_one_stack_lose_nothing(stack: Servers, tmp_path: Path, smtp_sink: int) -> None:
    async with system_on(stack, tmp_path, LINLI_SMTP_PORT=str(smtp_sink)) as system:
        target = CommandLine(system, tmp_path / "home").target
        for _ in range(2):
            outcome, submitted = await play(target, sample_folder(), Console(quiet=True))

            assert len({each.id for each in submitted}) == len(outcome.cases) == 49
            assert outcome.lost == {}
            assert set(outcome.by_state()) == {"triage", "dispatched", "accepted", "returned", "resolved", "closed"}
            assert len(outcome.by_party()) > 15
            assert outcome.notices()["email"]["sent"] > 90
        counts = await system.get("workflow", "/v1/case-counts", community="fushan-road")
        assert counts["total"] == 98
