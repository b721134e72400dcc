"""The whole story of a renewal comes to its figures; each demand has an end."""

from pathlib import Path

from linli.contracts.kinds import Kind
from linli_cli.community.commands import read_folder
from linli_cli.demo.command import sample_folder
from linli_cli.demo.renewal.figures import figures
from linli_cli.demo.renewal.play import play
from linli_cli.demo.renewal.stage import PLACE, Stage
from linli_cli.demo.sample_submissions import load_submissions
from tests.support.affairs import Affairs, units
from tests.support.renewal import Speaking
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import system_on


async def test_the_story_comes_to_its_figures(stack: Servers, tmp_path: Path) -> None:
    async with system_on(stack, tmp_path, LINLI_PLAY_TIME="true") as system:
        folder = sample_folder()
        community = read_folder(folder).community
        answer = await system.operator.put(
            f"{system.urls['workflow']}/v1/communities/{community.id}", json=community.model_dump(mode="json")
        )
        assert answer.is_success, answer.text
        affairs = Affairs(system)

        async def heard() -> bool:
            asked = await affairs.ask("/v1/registers?check=true", {**PLACE, "units": units()[:1]})
            return bool(asked.status_code == 200)

        await until(heard, 40)
        said = [each for each in load_submissions(folder) if each["kind"] == Kind.DEMAND]
        stage = Stage(Speaking(system))
        await play(stage, said, lambda act: None)
        wrong = [(each.name, each.wanted, each.found) for each in figures(stage.seen) if not each.right]
        assert wrong == []
