"""The whole story of a renewal comes to its figures; each demand and each dispute has an end, and each stage its page."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from linli.contracts.kinds import Kind
from linli_cli.community.commands import read_folder
from linli_cli.demo.command import sample_folder
from linli_cli.demo.renewal.figures import figures
from linli_cli.demo.renewal.play import ACTS, play
from linli_cli.demo.renewal.stage import PLACE, Stage
from linli_cli.demo.sample_submissions import load_submissions
from tests.support.affairs import Affairs, units
from tests.support.renewal import Speaking
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import PORTAL, System, system_on


@dataclass(frozen=True, slots=True)
class Played:
    """The system on which it was played, and what was seen."""

    system: System
    stage: Stage
    acts: list[str]


@pytest.fixture(scope="module")
async def played(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Played]:
    async with system_on(stack, tmp_path_factory.mktemp("logs"), LINLI_PLAY_TIME="true") as system:
        folder = sample_folder()
        community, said = read_folder(folder).community, load_submissions(folder)
        answer = await system.operator.put(
            f"{system.urls['workflow']}/v1/communities/{community.id}", json=community.model_dump(mode="json")
        )
        assert answer.is_success, answer.text
        system.launch(PORTAL)
        affairs = Affairs(system)

        async def heard() -> bool:
            asked = await affairs.ask("/v1/registers?check=true", {**PLACE, "units": units()[:1]})
            return bool(asked.status_code == 200)

        await until(heard, 40)
        demands, disputes = ([each for each in said if each["kind"] == kind] for kind in (Kind.DEMAND, Kind.DISPUTE))
        stage, acts = Stage(Speaking(system)), list[str]()
        await play(stage, demands, acts.append, disputes, community.timezone)
        await system.ready(PORTAL)
        yield Played(system, stage, acts)


async def test_the_story_comes_to_its_figures(played: Played) -> None:
    wrong = [(each.name, each.wanted, each.found) for each in figures(played.stage.seen) if not each.right]
    assert wrong == []
    assert played.acts == list(ACTS)
