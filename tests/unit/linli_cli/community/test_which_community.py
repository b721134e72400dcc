"""Which community a command is about, and what a name stands for where several are loaded."""

from pathlib import Path
from typing import Any

import pytest

from linli_cli.community.known_names import UnknownName, parties_of
from linli_cli.community.rules import _messages, _table
from linli_cli.community.which_community import chosen
from linli_cli.terminal.errors import CliError
from tests.support.builders import NOON, community


def head(id: str, name: str, retired_at: object = None) -> dict[str, Any]:
    return {"id": id, "name": name, "version": 1, "retired_at": retired_at}


SEA, HILL = head("sea-road", "海泊路街道"), head("hill-road", "浮山路街道")


@pytest.mark.parametrize(
    ("heads", "said", "meant"),
    [
        ([SEA], None, "sea-road"),
        ([SEA, HILL], "hill-road", "hill-road"),
        ([SEA, HILL], "浮山路街道", "hill-road"),
        ([SEA, HILL], " 浮山路 街道", "hill-road"),
        ([SEA, head("hill-road", "浮山路街道", NOON)], None, "sea-road"),
        ([SEA, head("hill-road", "浮山路街道", NOON)], "hill-road", "hill-road"),
        ([head("hill-road", "浮山路街道", NOON)], None, "hill-road"),
    ],
)
def test_a_community_is_meant_by_id_or_name_or_as_the_only_one_in_force(heads: Any, said: Any, meant: str) -> None:
    assert chosen(heads, said) == meant


@pytest.mark.parametrize(
    ("heads", "said", "words"),
    [
        ([], None, "No community is loaded"),
        ([], "sea-road", "No community is loaded"),
        ([SEA, HILL], None, "sea-road 海泊路街道, hill-road 浮山路街道"),
        ([SEA, head("other", "海泊路街道")], "海泊路街道", "sea-road 海泊路街道, other 海泊路街道"),
        ([SEA], "hill-road", "There is no community hill-road; loaded: sea-road 海泊路街道."),
    ],
)
def test_what_is_not_meant_by_anything_names_what_there_is(heads: Any, said: Any, words: str) -> None:
    with pytest.raises(CliError) as refused:
        chosen(heads, said)
    assert words in refused.value.message


def test_two_communities_that_share_an_id_do_not_make_a_name_mean_two_things() -> None:
    one, copy = community(), community(id="copy")
    party = one.parties[0]
    assert parties_of(one, copy).id_of(party.name) == party.id
    other = party.model_copy(update={"id": "another"})
    with pytest.raises(UnknownName, match=f"{party.id} or another"):
        parties_of(one, one.model_copy(update={"parties": (other,)})).id_of(party.name)


def test_messages_to_try_rules_on_are_read_as_an_import_reads_them(tmp_path: Path) -> None:
    file = tmp_path / "day.csv"
    file.write_bytes("海泊路街道热线日报表;;\n\n标题;小区;内容\n停水;东区;三天了\n合计;1;\n".encode("gbk"))
    table = _table(file)
    assert [row.line for row in table.rows] == [4]
    (message,) = _messages(table, community())
    assert (message["title"], message["text"]) == ("停水", "三天了")
