"""What the documents say is there, and what is there is in the documents."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from intake.settings import IntakeSettings
from intake.submissions.domain.request import NewSubmission, Reporter
from linli.contracts.base import Event
from linli.contracts.catalogue import event_types, topics
from linli.contracts.intake.subscription import OfSubscription
from linli.contracts.neighbourhood.affairs import Affair
from linli.contracts.notify.notice import NoticeOutcome
from linli.contracts.topics import EVERYWHERE, PARTITIONS
from linli.contracts.workflow.case import CaseEvent, Waiting
from linli.contracts.workflow.community import (
    Announcement,
    Category,
    Community,
    Condition,
    EscalationPolicy,
    Neighbourhood,
    Party,
    Rule,
)
from linli.contracts.workflow.mediation import MediationEvent
from linli.contracts.workflow.order import OrderEvent
from linli.contracts.workflow.outage import OutageEvent
from linli.security.permissions import Permission, Role, declared
from linli_cli.connection.settings import StackSettings
from linli_cli.connection.target import Addresses
from linli_cli.main import app
from neighbourhood.settings import NeighbourhoodSettings
from notify.notices.domain.notice_rules import NOTICE_RULES, Nobody
from notify.settings import NotifySettings
from portal.settings import PortalSettings
from workflow.settings import WorkflowSettings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(
    page for page in ROOT.rglob("*.md") if not any(part.startswith(".") for part in page.relative_to(ROOT).parts)
)
SETTINGS = (
    *(IntakeSettings, WorkflowSettings, NotifySettings, NeighbourhoodSettings, PortalSettings),
    *(StackSettings, Addresses),
)


def read(page: str) -> str:
    return (DOCS / page).read_text()


def prose(page: Path) -> str:
    return re.sub(r"^```.*?^```", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    found: list[str] = []
    for heading in re.findall(r"^#{1,6} +(.+?) *$", prose(page), flags=re.MULTILINE):
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        found.append(re.sub(r"[^\w\- ]", "", shown).replace(" ", "-"))
    return {
        name if not (before := found[:place].count(name)) else f"{name}-{before}" for place, name in enumerate(found)
    }


def commands(command: TyperGroup | TyperCommand, *path: str) -> Iterator[tuple[list[str], set[str]]]:
    """The words of each command, and the options that its `--help` shows."""
    if isinstance(command, TyperGroup):
        for name, inner in command.commands.items():
            yield from commands(inner, *path, name)
    else:
        shown = [each for each in command.params if not getattr(each, "hidden", False)]
        yield list(path), {option for each in shown for option in each.opts if option.startswith("--")}


COMMANDS = list(commands(get_command(app)))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)) if not re.match(r"[a-z]+:", link)]
    for link in links:
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_file_and_what_is_named_in_it_is_where_the_architecture_says() -> None:
    files = [path for folder in ("services", "shared", "deploy", "tests") for path in (ROOT / folder).rglob("*.py")]
    for path, names in re.findall(r"`((?:\w+/)*\w+\.py)(?:: ([\w., ]+))?`", read("architecture.md")):
        there = [file for file in files if str(file).endswith(f"/{path}")]
        assert there, path
        for name in re.findall(r"\w+", names):
            assert any(re.search(rf"\b{name}\b", file.read_text()) for file in there), f"{path}: {name}"


def test_every_field_of_a_submission_is_in_its_page_and_no_other() -> None:
    parts = read("submissions.md").split("Of the `reporter`")
    tables = [re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE) for part in parts]
    assert tables == [tables[0], list(Reporter.model_fields)]
    assert set(tables[0]) == set(NewSubmission.model_fields)
    wanted = set(re.findall(r"^\| `(\w+)` \| required", read("submissions.md"), re.MULTILINE))
    assert wanted == {name for name, field in NewSubmission.model_fields.items() if field.is_required()}
    example = re.search(r"-d '(\{.*?\n\})'", read("submissions.md"), re.DOTALL)
    assert example
    NewSubmission.model_validate_json(example[1])


def test_what_a_paused_case_may_wait_for_is_said_where_companies_read() -> None:
    assert not [each for each in Waiting if f"`{each}`" not in read("events.md").partition("## Answering")[2]]


@pytest.mark.parametrize("settings", SETTINGS)
def test_every_setting_is_in_the_configuration_page(settings: type[BaseSettings]) -> None:
    page = read("configuration.md")
    assert [name for name in settings.model_fields if f"`LINLI_{name.upper()}`" not in page] == []


@pytest.mark.parametrize("permission", declared().values())
def test_every_permission_is_in_the_table_with_who_has_it(permission: Permission) -> None:
    rows = [line.split("|")[1:-1] for line in read("access.md").splitlines() if line.startswith("| `")]
    [(names, _, *cells)] = [row for row in rows if f"`{permission}`" in row[0]]
    shown = {role for role, cell in zip(Role, cells, strict=True) if cell.strip()}
    assert shown == frozenset().union(*(declared()[name].roles for name in re.findall(r"`(.+?)`", names)))


@pytest.mark.parametrize("event", event_types(), ids=lambda event: event.TYPE)
def test_every_event_is_described_with_every_field_of_it(event: type[Event]) -> None:
    page = read("events.md").partition("## Every event")[2]
    rows = [line for line in page.splitlines() if line.startswith(f"| `{event.TYPE}`")]
    sections = [text for text in re.split(r"^(?=###)", page, flags=re.MULTILINE) if f"`{event.TYPE}`" in text]
    bases = (OfSubscription, CaseEvent, MediationEvent, NoticeOutcome, OrderEvent, OutageEvent)
    common = next((base.model_fields for base in bases if issubclass(event, base)), {})
    if issubclass(event, Affair):  # what those of its kind have in common
        common = next(
            base.model_fields for base in event.__mro__ if "TYPE" not in vars(base) and issubclass(base, Affair)
        )

    assert sections
    assert [name for name in common if f"`{name}`" not in sections[0]] == []
    own = rows[0] if rows else sections[0]
    assert [name for name in event.model_fields if name not in common and f"`{name}`" not in own] == []


def test_every_topic_is_described_as_it_is_declared() -> None:
    table = read("events.md").partition("## Topics")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines() if line.startswith("| `")]

    assert {row[0].strip("`"): (row[1], row[3], row[4]) for row in rows} == {
        f"linli.{topic.name}": (
            topic.key,
            str(topic.partitions or PARTITIONS),
            "compacted" if topic.newest_only else "30 days",
        )
        for topic in topics()
    }
    assert EVERYWHERE["retention.ms"] == str(30 * 24 * 3600 * 1000)


def test_a_company_reads_of_each_type_that_its_webhook_gets() -> None:
    said = read("events.md").partition("\n## Webhooks")[2].partition("\n\n- ")[0]
    sent = {
        type_.TYPE.split(".")[2] for type_, decision in NOTICE_RULES.items() if not isinstance(decision.party, Nobody)
    }

    assert set(re.findall(r"`([a-z_]+)`", said)) - {"webhook", "type"} == sent
    assert len(sent) == 21, "the page counts them"


@pytest.mark.parametrize(
    ("row", "record"),
    [
        ("the community", Community),
        ("a party", Party),
        ("a neighbourhood", Neighbourhood),
        ("a category", Category),
        ("a rule", Rule),
        ("a condition", Condition),
        ("an announcement", Announcement),
        ("an escalation policy", EscalationPolicy),
    ],
)
def test_a_community_is_described_with_every_field_of_it(row: str, record: type[Community]) -> None:
    [said] = [line for line in read("events.md").splitlines() if line.startswith(f"| {row}")]
    assert [name for name in record.model_fields if f"`{name.rstrip('_')}`" not in said] == []


@pytest.mark.parametrize(("path", "options"), COMMANDS, ids=[" ".join(path) for path, _ in COMMANDS])
def test_every_command_is_described_with_every_option_of_it(path: list[str], options: set[str]) -> None:
    lines = [line for line in read("cli.md").splitlines() if f"linli {path[0]}" in line]
    everywhere = "\n".join(page.read_text() for page in PAGES)

    assert any(path[-1] in line for line in lines)
    assert [option for option in sorted(options) if not re.search(rf"{option}\b", everywhere)] == []
