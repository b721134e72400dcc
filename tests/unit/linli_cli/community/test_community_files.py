"""The sample community is valid, and a clerk's mistake is named by file, line and field."""

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from shapely.geometry import Polygon
from typer.testing import CliRunner

from linli.contracts.kinds import Kind
from linli.contracts.workflow.community import Level
from linli.text.coordinates import Crs, from_wgs84
from linli_cli.community.commands import app
from linli_cli.community.faults import CommunityFaults
from linli_cli.community.files import load_community
from linli_cli.demo.sample_submissions import load_submissions

SAMPLE = Path(__file__).parents[4] / "deploy" / "community" / "fushan-road"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample, to be broken."""
    return shutil.copytree(SAMPLE, tmp_path / "fushan-road")


def edit(file: Path, old: str, new: str) -> int:
    """Replace one text by another and tell the line where it stood."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def faults(folder: Path) -> list[str]:
    with pytest.raises(CommunityFaults) as caught:
        load_submissions(folder)
    return [str(fault) for fault in caught.value.faults]


def test_the_sample_has_all_five_levels_and_all_other_parties() -> None:
    community = load_community(SAMPLE)

    kinds = [str(party.kind) for party in community.parties]
    assert {party.kind.level for party in community.parties} >= set(Level)
    assert kinds.count("community") >= 2
    assert kinds.count("grid") >= 4
    assert {"property", "owners_committee", "telecom", "water", "power", "gas", "heating", "builder", "supervisor"} <= {
        *kinds
    }
    assert len(community.neighbourhoods) >= 4


def test_every_party_that_may_become_responsible_has_a_mailbox() -> None:
    community = load_community(SAMPLE)

    mute = [party.id for party in community.parties if not party.email and party.kind != "household"]

    assert mute == []
    assert all(party.email.endswith(".example") for party in community.parties if party.email)


def test_the_samples_neighbourhoods_do_not_overlap() -> None:
    shapes = [Polygon(place.outline.coordinates[0]) for place in load_community(SAMPLE).neighbourhoods if place.outline]

    assert all(shape.is_valid for shape in shapes)
    assert not any(a.intersects(b) for i, a in enumerate(shapes) for b in shapes[i + 1 :])


def test_the_sample_has_37_demands_and_12_disputes() -> None:
    bodies = load_submissions(SAMPLE)

    assert [body["kind"] for body in bodies] == [Kind.DEMAND] * 37 + [Kind.DISPUTE] * 12
    assert len({body["title"] for body in bodies}) == 49
    assert any("neighbourhood" not in body and "location" in body for body in bodies)
    assert any("neighbourhood" not in body and "location" not in body for body in bodies)
    assert any("category" not in body for body in bodies)


def test_hours_in_a_rule_are_read_as_times_of_day(folder: Path) -> None:
    edit(folder / "rules.yaml", 'hours: { from: "22:00", to: "06:00" }', "hours: { from: 22:00, to: 06:00 }")

    rule = next(rule for rule in load_community(folder).rules if rule.id == "noise-night")

    assert rule.when.hours is not None
    assert (rule.when.hours.start.hour, rule.when.hours.end.hour) == (22, 6)


class Mistake(NamedTuple):
    """In a file, one text put for another; the field and some words that the message must name."""

    file: str
    old: str
    new: str
    field: str | None
    words: str


WEBHOOK = ",office@fushan-road.example,,"
MISTAKES = [
    Mistake("parties.csv", ",owners@wangshan-xincun.example", ",owners at wangshan", "email", "email address"),
    Mistake("parties.csv", "grid,wangshan,wangshan-grid-2@", "grid,wan,wangshan-grid-2@", "parent", "no party 'wan'"),
    Mistake("parties.csv", ",water,fushan-road-office", ",waters,fushan-road-office", "kind", "'waters'"),
    Mistake("parties.csv", "\nhuaiyin-grid-2,", "\nHuaiyin Grid 2,", "id", "a–z"),
    Mistake("parties.csv", "\nhuaiyin-grid-2,", "\nhuaiyin-grid-1,", "id", "stands twice"),
    Mistake("categories.csv", "\nwater.drainage.renewal,", "\nwater.drain.renewal,", "id", "no category 'water.drain'"),
    Mistake("categories.csv", "加装电梯,Adding a lift,demand", "加装电梯,Adding a lift,demands", "kinds", "'demands'"),
    Mistake("neighbourhoods.yaml", "committee: chunxiao-owners", "committee: chunxiao", "roles", "'chunxiao'"),
    Mistake("neighbourhoods.yaml", "grid: qingquan-grid-2", "grid: qingquan", "grid", "not a party of kind grid"),
    Mistake("neighbourhoods.yaml", "[120.4157, 36.1311]", "[36.1311, 120.4157]", "outline", "90"),
    Mistake("neighbourhoods.yaml", "name: 清泉小区", "nam: 清泉小区", "nam", "no field that is known"),
    Mistake(
        "rules.yaml", "category: facilities.elderly", "category: facilities.old", "when.category", "facilities.old"
    ),
    Mistake("rules.yaml", "accept_within: 10m", "accept_within: ten minutes", "accept_within", "30m, 2h or 7d"),
    Mistake("rules.yaml", "accept_within: 10m", "accept_within: 10", "accept_within", "without a unit"),
    Mistake("rules.yaml", "accept_within: 10m", "accept_within: 24:00", "accept_within", "30m, 2h or 7d"),
    Mistake("rules.yaml", "accept_within: 10m", "accept_within: 0m", "accept_within", "longer than nothing"),
    Mistake("escalation.yaml", "household: 30m", "household: 1", "within.household", "without a unit"),
    Mistake("escalation.yaml", "remind_before: 2h", "remind_before: 2", "remind_before", "without a unit"),
    Mistake("community.yaml", "timezone:", "close_after: 20\ntimezone:", "close_after", "without a unit"),
    Mistake("community.yaml", "timezone:", "close_after: 7d\ntimezone:", "close_after", "at least 14d"),
    Mistake("community.yaml", "timezone:", "crs: wgs48\ntimezone:", "crs", "gcj02"),
    Mistake("rules.yaml", 'from: "22:00"', "from: 22", "when.hours.from", '"08:00"'),
    Mistake("rules.yaml", 'from: "22:00"', 'from: "22:00Z"', "when.hours.from", "own zone"),
    Mistake("rules.yaml", "{ device: waste-box }", "{ device: yes }", "when.attributes.device", "true or false"),
    Mistake("rules.yaml", "words: [充电桩,", "wordz: [充电桩,", "when.wordz", "no field that is known"),
    Mistake(
        "parties.csv",
        "subdistrict,,office@fushan-road.example,,",
        "subdistrict,,office@fushan-road.example,https://a:b@office.example/,",
        "webhook",
        "password",
    ),
    Mistake(
        "parties.csv",
        "subdistrict,,office@fushan-road.example,,",
        "subdistrict,,office@fushan-road.example,https://[fec0::1]/,",
        "webhook",
        "no address of the Internet",
    ),
    Mistake(
        "parties.csv",
        "subdistrict,,office@fushan-road.example,,",
        "subdistrict,,office@fushan-road.example,https://0x7f000001/,",
        "webhook",
        "no address of the Internet",
    ),
    Mistake(
        "parties.csv",
        "subdistrict,,office@fushan-road.example,,",
        "subdistrict,,office@fushan-road.example,http://office.example/,",
        "webhook",
        "plain HTTP",
    ),
    Mistake("rules.yaml", "role: supervisor", "role: inspector", "role", "nobody fills the role 'inspector'"),
    Mistake("community.yaml", "timezone: Asia/Shanghai", "timezone: Asia/Qingdao", "timezone", "Asia/Qingdao"),
    Mistake(
        "community.yaml", "# working_hours: 08:30-12:00,", "working_hours: 8 to 5 #", "working_hours", "08:30-17:30"
    ),
    Mistake("community.yaml", "triage: fushan-road-office", "triage: office", "triage", "no party 'office'"),
    Mistake("community.yaml", "  gas: gas-company", "  gas: gas-works", "roles.gas", "no party 'gas-works'"),
    Mistake("demands.csv", ",13900000126,", ",12345,", "phone", "12345"),
    Mistake(
        "demands.csv", ",qingquan-xiaoqu,power", ",qingquan-xiao,power", "neighbourhood", "'qingquan-xiaoqu' meant"
    ),
    Mistake("disputes.csv", "disputes.lift.cost", "roads.paving.damage", "category", "not meant for a dispute"),
    Mistake("disputes.csv", ",120.4092,36.1362,", ",120.4092,,", None, "belong together"),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake.file}:{mistake.field}")
def test_a_fault_is_named_by_file_line_and_field(folder: Path, mistake: Mistake) -> None:
    line = edit(folder / mistake.file, mistake.old, mistake.new) + mistake.old.startswith("\n")

    found = faults(folder)

    prefix = f"{mistake.file}, line {line}" + (f", {mistake.field}" if mistake.field else "")
    assert any(fault.startswith(prefix) and mistake.words in fault for fault in found), found
    assert len({fault.split(":")[0] for fault in found}) <= 3, "one mistake must not set off an avalanche"


def test_all_faults_are_told_at_once(folder: Path) -> None:
    edit(folder / "parties.csv", "service@heshunli-property.example", "service")
    edit(folder / "rules.yaml", "role: heating", "role: boiler")
    edit(folder / "categories.csv", "gas.pipes,", "gas.pipe,")

    found = faults(folder)

    assert {fault.split(",")[0] for fault in found} == {"parties.csv", "rules.yaml", "categories.csv"}


def test_a_cell_with_line_breaks_does_not_shift_the_lines_that_follow(folder: Path) -> None:
    line = edit(folder / "demands.csv", "qingquan-xiaoqu,security.watch.camera", "qingquan-xiaoqu,security.watch.cam")

    assert f"demands.csv, line {line}, category" in faults(folder)[0]


def test_a_broken_yaml_is_named_by_its_line(folder: Path) -> None:
    line = edit(folder / "rules.yaml", "role: telecom", "role: telecom: main")

    assert [fault.split(":")[0] for fault in faults(folder)] == [f"rules.yaml, line {line}"]


def test_a_key_that_stands_twice_is_a_fault(folder: Path) -> None:
    line = edit(folder / "community.yaml", "name_en: Fushan Road Subdistrict", "name: 浮山路")

    assert faults(folder) == [f"community.yaml, line {line}, name: 'name' stands twice here"]


def test_a_missing_file_and_an_unquoted_comma_are_named(folder: Path) -> None:
    (folder / "categories.csv").unlink()
    line = edit(folder / "parties.csv", '"Huaiyin Li, East Court"', "Huaiyin Li, East Court")

    found = faults(folder)

    assert any("categories.csv: the file is missing" in fault for fault in found)
    assert any(f"parties.csv, line {line}: the row has 9 cells" in fault for fault in found)


def test_an_unknown_column_is_named(folder: Path) -> None:
    edit(folder / "parties.csv", "id,name,name_en,kind", "id,name,name_en,art")

    assert any("parties.csv, line 1, art: the column is not known" in fault for fault in faults(folder))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_headers_may_be_chinese_and_files_utf8_or_gb18030(folder: Path, encoding: str) -> None:
    file = folder / "parties.csv"
    _, _, rest = file.read_text(encoding="utf-8").partition("\n")
    file.write_text("编号,名称,英文名,类型,上级,邮箱,回调地址,语言\n" + rest, encoding=encoding)

    assert load_community(folder) == load_community(SAMPLE)


@pytest.mark.parametrize(
    ("encoding", "separator", "before"),
    [
        ("gb18030", ",", ""),
        ("gb18030", ";", ""),
        ("gb18030", "\t", ""),
        ("utf-16", "\t", ""),
        ("utf-16-le", "\t", ""),
        ("utf-16-be", ",", "\ufeff"),
        ("utf-8", ",", "\ufeff\ufeff"),
        ("utf-8", ";", "sep=;\r\n"),
        ("utf-8", "，", ""),
    ],
)
@pytest.mark.parametrize("name", ["parties.csv", "categories.csv"])
def test_tables_are_read_as_a_clerks_spreadsheet_saves_them(
    folder: Path, name: str, encoding: str, separator: str, before: str
) -> None:
    file = folder / name
    rows = list(csv.reader(file.read_text(encoding="utf-8").splitlines()))
    saved = io.StringIO(before, newline="")
    saved.seek(0, io.SEEK_END)
    csv.writer(saved, delimiter=separator, lineterminator="\r\n").writerows(rows)
    file.write_bytes(saved.getvalue().encode(encoding))

    assert load_community(folder) == load_community(SAMPLE)


@pytest.mark.parametrize(("encoding", "separator"), [("utf-16", "\t"), ("gb18030", ";")])
def test_a_fault_in_such_a_table_is_named_by_its_line(folder: Path, encoding: str, separator: str) -> None:
    file = folder / "parties.csv"
    line = edit(file, "office@fushan-road.example", "office")
    rows = list(csv.reader(file.read_text(encoding="utf-8").splitlines()))
    with file.open("w", encoding=encoding, newline="") as saved:
        csv.writer(saved, delimiter=separator).writerows(rows)

    assert faults(folder)[0].startswith(f"parties.csv, line {line}, email")


def test_a_fault_under_a_chinese_header_is_named_as_it_stands_there(folder: Path) -> None:
    file = folder / "parties.csv"
    _, _, rest = file.read_text(encoding="utf-8").partition("\n")
    file.write_text("编号,名称,英文名,类型,上级,邮箱,回调地址,语言\n" + rest, encoding="utf-8")
    line = edit(file, "office@fushan-road.example", "office")

    assert faults(folder)[0].startswith(f"parties.csv, line {line}, 邮箱:")


def test_the_command_tells_every_fault_and_ends_with_1(folder: Path) -> None:
    line = edit(folder / "parties.csv", "office@fushan-road.example", "office")

    text = CliRunner().invoke(app, ["check", str(folder)])
    machine = CliRunner().invoke(app, ["check", str(folder), "--json"])

    assert (text.exit_code, machine.exit_code) == (1, 1)
    assert f"parties.csv, line {line}, email" in text.stderr
    assert json.loads(machine.stdout)["faults"][0]["field"] == "email"


@pytest.fixture
def checked(folder: Path) -> Callable[[], str]:
    """What `community check` warns of."""

    def check() -> str:
        result = CliRunner().invoke(app, ["check", str(folder)])
        assert result.exit_code == 0, result.output
        return result.stderr

    return check


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("rules.yaml", "accept_within: 10m", "accept_within: 10s", "accept_within: 10 seconds"),
        ("escalation.yaml", "household: 30m", "household: 30s", "within.household: 30 seconds"),
        ("rules.yaml", 'from: "22:00", to: "06:00"', 'from: "08:00", to: 8:00', "when.hours: from and to are the same"),
        ("rules.yaml", "when: { category: gas.safety.leak }", "when: {}", "never reached: 'gas-leak' above it"),
    ],
)
def test_what_is_hardly_meant_so_is_warned_of_with_its_line(
    folder: Path, checked: Callable[[], str], file: str, old: str, new: str, words: str
) -> None:
    line = edit(folder / file, old, new)
    said = checked()
    assert words in said
    if "never reached" not in words:
        assert f"{file}, line {line}, {words}" in said


def test_the_sample_gives_no_warning_but_of_holidays(checked: Callable[[], str]) -> None:
    assert [line for line in checked().splitlines() if "public holidays" not in line] == []


def test_a_network_that_the_operator_named_may_be_a_webhooks(
    folder: Path, checked: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(folder / "parties.csv", "office@fushan-road.example,,", "office@fushan-road.example,http://10.1.2.3/hook,")
    assert any("no address of the Internet" in fault for fault in faults(folder))
    monkeypatch.setenv("LINLI_WEBHOOK_ALLOWED_NETWORKS", "10.1.0.0/16")
    assert "10.1.2.3" not in checked()


def test_words_that_are_numbers_are_words_and_codes_keep_their_zeros(folder: Path) -> None:
    edit(folder / "rules.yaml", "words: [爆管,", "words: [110, 0532, 爆管,")
    edit(folder / "rules.yaml", "{ device: waste-box }", "{ floor: 08 }")

    rules = {rule.id: rule.when for rule in load_community(folder).rules}

    assert rules["water-burst-words"].words[:2] == ("110", "0532")
    assert rules["alarm-waste-box"].attributes == {"floor": "08"}


@pytest.mark.parametrize("crs", list(Crs))
def test_outlines_in_the_coordinates_of_a_chinese_map_are_kept_where_they_lie(folder: Path, crs: Crs) -> None:
    meant = load_community(folder).neighbourhoods
    drawn = yaml.safe_load((folder / "neighbourhoods.yaml").read_text(encoding="utf-8"))
    for place in drawn:
        if outline := place.get("outline"):
            outline["coordinates"] = [
                [list(from_wgs84((lon, lat), crs)) for lon, lat in ring] for ring in outline["coordinates"]
            ]
    (folder / "neighbourhoods.yaml").write_text(yaml.safe_dump(drawn, allow_unicode=True), encoding="utf-8")
    edit(folder / "community.yaml", "timezone:", f"crs: {crs}\ntimezone:")

    community = load_community(folder)

    assert community.location_crs is crs
    for place, before in zip(community.neighbourhoods, meant, strict=True):
        for part, part_before in zip(place.outlines, before.outlines, strict=True):
            flat = [degree for point in part.coordinates[0] for degree in point]
            assert flat == pytest.approx([degree for at in part_before.coordinates[0] for degree in at], abs=1e-5)
