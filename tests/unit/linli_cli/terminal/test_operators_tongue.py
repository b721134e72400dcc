"""Who runs a Chinese installation is told in Chinese how it is and what became of a command."""

import errno
import io
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

from linli.contracts.workflow.community import Rule, inconsistencies
from linli.security.addresses import fault_of
from linli.storage.mongo import members_of
from linli_cli.community.community_words import finding_in_words
from linli_cli.demo import view as demo_view
from linli_cli.main import app
from linli_cli.operations import finding
from linli_cli.operations.deliveries import _value
from linli_cli.operations.figures import ServerFigures
from linli_cli.operations.finding import Level, show
from linli_cli.operations.health import ProcessHealth, put_together
from linli_cli.operations.server_checks import members, outbox
from linli_cli.operations.status import COLOURS, _show
from linli_cli.operations.topics import done_in_words
from linli_cli.privacy.commands import _tell
from linli_cli.privacy.erasing import Erasure
from linli_cli.privacy.keys import _what
from linli_cli.stack.embedded.secret_files import read_secret
from linli_cli.stack.embedded.state import Phase
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.file_faults import of_file
from linli_cli.terminal.sentences.words import FOUND, WORDS
from linli_cli.terminal.times import second
from notify.deliveries.api import DeliveryView
from tests.support.builders import community
from workflow.community.domain.doubts import doubts

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def chinese_is_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_LANGUAGE", "zh-CN")


def test_what_an_installations_operator_reads_is_told_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    show([outbox("intake", 0, None, NOW), outbox("notify", 3, NOW - timedelta(minutes=5), NOW)], as_json=False)
    well, waiting, todo = capsys.readouterr().out.splitlines()
    assert well == "正常  待发事件    intake：0 条未发出。"
    assert waiting == "问题  待发事件    notify 有 3 条事件未发出，最早的已等 300 秒。"
    assert todo.startswith(" " * 18 + "→ Kafka 不在线")
    assert members(members_of({"members": [{"name": "a:1", "state": 2, "stateStr": "SECONDARY"}]})).said == (
        "副本集没有主节点：a:1 为 SECONDARY。"
    )


def test_what_the_system_says_of_a_file_is_told_in_chinese(tmp_path: Path) -> None:
    for file, said in ((tmp_path / "none", "没有这个文件或目录"), (tmp_path, "这是一个目录")):
        with pytest.raises(OSError, match="Errno") as refused:
            file.read_text()
        assert of_file(refused.value) == said
    assert of_file(OSError(errno.ENOSPC, "No space left on device")) == "磁盘已满"
    assert of_file(OSError(71, "Protocol error")) == "系统错误 71"
    assert of_file(OSError("no number")) == "no number"


def test_a_zone_is_told_by_its_distance_and_not_by_a_name_that_several_have() -> None:
    for minutes, said in ((480, "UTC+8"), (-210, "UTC-3:30"), (0, "UTC")):
        at = datetime(2026, 11, 24, 16, tzinfo=timezone(timedelta(minutes=minutes), "CST"))
        assert second(at) == f"2026-11-24 16:00:00 {said}"


def test_a_delivery_is_shown_in_chinese() -> None:
    told = {name: _value(name, said) for name, said in (("kind", "party_dispatched"), ("state", "failed"), ("id", "x"))}
    assert told == {"kind": "承办单位：已派单", "state": "已放弃", "id": "x"}
    assert not [name for name in DeliveryView.model_fields if name.replace("_", " ") not in WORDS]


def test_every_state_of_a_process_and_every_kind_of_finding_has_a_word() -> None:
    assert not {*COLOURS, *Phase, "not healthy"} - set(WORDS)
    told = re.compile(r"\b(?:ok|note|wrong)\(\s*\"(\w+)\"")
    checks = {check for path in Path(finding.__file__).parent.glob("*.py") for check in told.findall(path.read_text())}
    assert not {*checks, *Level} - set(FOUND)


def test_the_tables_of_status_are_even_in_chinese() -> None:
    down = ProcessHealth(
        name="kafka", pid=None, address="127.0.0.1:9092", health="down", detail="", uptime_seconds=None, restarts=2
    )
    ready = down.model_copy(update={"name": "intake", "health": "ready", "pid": 7, "uptime_seconds": 200_000.0})
    health = put_together("here", "ready", [down, ready], {"intake": None}, ServerFigures())
    console = Console(file=io.StringIO(), width=120)
    _show(health, console)
    shown = console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO
    assert shown.startswith("邻里运行异常：kafka。")
    for told in ("未运行", "已就绪", "2 天 7:33:20", "不详", "Kafka 节点：不详", "通知：不详。"):
        assert told in shown
    lines = [line for line in shown.splitlines() if line.startswith(("│", "┃"))]
    assert {cell_len(line) for line in lines[:3]} == {cell_len(lines[0])}


def test_what_kafka_did_with_the_topics_is_told_in_chinese() -> None:
    assert done_in_words("created with 6 partitions") == "已创建，6 个分区"
    assert done_in_words("partitions 3 → 6; retention.ms 1 → 2") == "分区 3 → 6；retention.ms 1 → 2"
    assert done_in_words("unchanged") == "没有变化"


def test_a_key_is_told_in_chinese() -> None:
    key = {"role": "party", "party": "water", "community": "test", "scopes": None, "channels": None}
    assert _what(key) == "承办单位 water（test）"
    assert _what(key | {"role": "service", "party": None, "channels": ["hotline", "desk"]}) == "程序 仅限 hotline, desk"


def test_an_erasure_is_told_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    _tell(Erasure(["s1"], ["c2"], records=6, letters=2, waiting_for=["消费组 x"]))
    erased, merged, waits, again = capsys.readouterr().out.splitlines()
    assert erased == "已删除：1 件反映、Kafka 中 6 条记录、2 封邮件。"
    assert merged == "并案的别人的 1 件案件中，办理文字也已删除。"
    assert waits.endswith("：消费组 x。") and again.endswith("linli privacy erase --again")


def test_what_became_of_the_demos_notices_is_told_in_chinese() -> None:
    assert demo_view.in_words(3, {"no_contact": 2, "new": 1}) == (
        "已发出 3 条通知。未发出：2 条因没有留下联系方式；1 条略过（new）。"
    )


def test_a_secret_that_is_missing_is_told_in_chinese(tmp_path: Path) -> None:
    with pytest.raises(CliError, match=r"无法读取密钥 .*operator\.key：.*；`linli up` 会生成它。"):
        read_secret(tmp_path / "operator.key")


def test_a_script_is_told_in_english_of_an_installation_that_does_not_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LINLI_HOME", str(tmp_path))
    assert CliRunner().invoke(app, ["status"]).output.startswith(f"邻里没有在 {tmp_path}（LINLI_HOME）运行。")
    refused = CliRunner().invoke(app, ["parked", "list", "--json"]).output
    assert refused.startswith(f"Error: Linli is not running: the stack of {tmp_path} (LINLI_HOME) is stopped")


def test_what_is_found_in_a_communitys_data_is_told_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = {"id": "slow", "name": "慢", "role": "nobody", "accept_within": "30s", "resolve_within": "2d"}
    (found,) = (each.message for each in inconsistencies(community().model_copy(update={"rules": (Rule(**rule),)})))
    assert finding_in_words(found) == "角色“nobody”无人承担"
    (short, *_) = doubts(community(rules=[rule | {"role": "grid"}]))
    assert finding_in_words(short.message).startswith("30 秒：新案件会立即超期")
    assert finding_in_words("'…' has no letter that could be found") == "“…”中没有可供查找的文字"
    assert finding_in_words(fault_of("http://office.example/hook") or "").startswith(
        "http 只能用于内部网络；请写 https://，或者"
    )
    assert finding_in_words("something new") == "something new"
    monkeypatch.setenv("LINLI_LANGUAGE", "en")
    assert finding_in_words(found) == found
