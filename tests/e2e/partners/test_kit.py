"""The folder that an office hands over is enough: its instructions are followed word by word."""

import asyncio
import json
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import CommandLine
from tests.support.partner_access import access_beside
from tests.support.servers import Servers
from tests.support.system import System, system_on

WITHIN = 240
"""Seconds for all blocks of one language: packages are fetched."""


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with system_on(stack, tmp_path_factory.mktemp("logs")) as running:
        await running.load()
        async with access_beside(running):
            yield running


@pytest.fixture(scope="module")
def command(system: System, tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return CommandLine(system, tmp_path_factory.mktemp("office") / "home")


async def said(command: CommandLine, *arguments: str) -> Any:
    """What a command prints as JSON; it ends well."""
    code, printed, errors = await command.run("partners", *arguments, "--json")
    assert code == 0, errors
    return json.loads(printed)


@pytest.fixture(scope="module")
async def kit(command: CommandLine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    added = await said(command, "add", "water-co", "--community", "test", "--kafka", "--pull")
    assert (added["ways"], added["in_line"]) == (["kafka", "pull"], True)
    assert "password" not in added["kafka"]
    folder = tmp_path_factory.mktemp("partner") / "kit"
    written = await said(command, "kit", "water-co", "--community", "test", "--out", str(folder))
    assert set(written["files"]) >= {"README.md", "client.properties", "secret", "partner-ca.crt", "asyncapi.yaml"}
    return folder


def test_only_its_owner_reads_the_secrets_of_a_kit_and_nothing_else_has_them(kit: Path) -> None:
    secrets = {name: (kit / name).read_text().strip() for name in ("secret", "api.key")}
    assert {(kit / name).stat().st_mode & 0o777 for name in secrets} == {0o600}
    for path in kit.rglob("*"):
        if path.is_file() and path.name not in secrets:
            assert not any(secret in path.read_text() for secret in secrets.values()), path


def test_a_kit_has_exactly_what_is_this_partners(kit: Path) -> None:
    said = (kit / "asyncapi.yaml").read_text() + (kit / "client.properties").read_text()
    topics = set(re.findall(r"[a-z0-9]+\.(?:sandbox\.)?partner\.[a-z.-]+\.(?:orders|receipts|updates)", said))
    assert len(topics) == 6
    assert all(".partner.test.water-co." in topic for topic in topics)
    assert "linli.order.issued.v1" in {path.stem for path in (kit / "schemas").iterdir()}


async def test_a_kit_that_is_made_again_keeps_the_key_and_has_the_newest_password(
    command: CommandLine, kit: Path
) -> None:
    key, password = (kit / "api.key").read_text(), (kit / "secret").read_text()
    await said(command, "rotate", "water-co", "--community", "test")
    await said(command, "kit", "water-co", "--community", "test", "--out", str(kit))
    assert (kit / "api.key").read_text() == key
    assert (kit / "secret").read_text() != password
    assert "water-co.b" in (kit / "client.properties").read_text()


@pytest.mark.parametrize(("language", "tools"), [("Python", ("python3",)), ("Java", ("java", "mvn"))])
async def test_who_follows_the_kits_page_word_by_word_is_connected(
    command: CommandLine, kit: Path, language: str, tools: tuple[str, ...]
) -> None:
    if missing := [tool for tool in tools if shutil.which(tool) is None]:
        pytest.skip(f"no {' and no '.join(missing)} here")
    page = (kit / "README.md").read_text()
    chinese, english = page.split("## English")
    blocks = [_block(half, language) for half in (chinese, english)]
    assert blocks[0] == blocks[1], "both languages say the same"
    *before, last = blocks[0].strip().splitlines()
    await asyncio.to_thread(_run, "\n".join(before), kit)
    program = asyncio.create_task(asyncio.to_thread(_run, last, kit))
    office = re.search(r"linli (partners test .*)", page)
    assert office
    code, printed, errors = await command.run(*office[1].split(), "--wait", "120")
    assert code == 0, printed + errors
    assert "done: its program has answered" in printed
    output = await program
    assert output.count("receipt applied") == 2, output


def _block(half: str, language: str) -> str:
    section = re.split(r"^### ", half, flags=re.MULTILINE)
    [named] = [each for each in section if language in each.splitlines()[0]]
    found = re.search(r"```sh\n(.*?)```", named, re.DOTALL)
    assert found
    return found[1]


def _run(script: str, folder: Path) -> str:
    done = subprocess.run(
        ["/bin/bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=WITHIN,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


async def test_the_doctor_finds_nothing_wrong_with_a_partner_that_is_connected(command: CommandLine, kit: Path) -> None:
    code, printed, errors = await command.run("partners", "doctor", "water-co", "--community", "test", "--json")
    findings = json.loads(printed)["findings"]
    assert code == 0, printed + errors
    checked = {each["check"] for each in findings if each["level"] == "ok"}
    assert checked >= {"partner", "name", "port", "tls", "login", "advertised", "rights", "orders", "clock"}


async def test_the_doctor_says_what_is_wrong_with_one_that_is_paused(command: CommandLine, kit: Path) -> None:
    await said(command, "pause", "water-co", "--community", "test")
    code, printed, _ = await command.run("partners", "doctor", "water-co", "--community", "test", "--json")
    wrong = {each["check"]: each["said"] for each in json.loads(printed)["findings"] if each["level"] == "wrong"}
    assert code == 1
    assert "paused" in wrong["partner"]
    assert "may write" in wrong["rights"], "its right to write rests too"
    shown = await said(command, "resume", "water-co", "--community", "test")
    assert (shown["standing"], shown["in_line"]) == ("active", True)
