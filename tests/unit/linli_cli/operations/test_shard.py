"""`linli shard`: what is to be said to mongosh."""

import json

from typer.testing import CliRunner

from linli_cli.connection.settings import SERVICES
from linli_cli.main import app


def test_a_collection_is_spread_after_what_no_shard_could_hold_has_been_taken_from_it() -> None:
    said = CliRunner().invoke(app, ["shard", "--print"])
    assert said.exit_code == 0, said.output
    lines = said.output.splitlines()
    assert all(line.startswith(("// ", "sh.", "db.")) for line in lines if line)
    plain, cases = 'createIndex({"tracking_hash": 1}, {"name": "tracking_hash"})', "linli_workflow.cases"
    [dropped] = [place for place, line in enumerate(lines) if 'getCollection("cases").dropIndex' in line]
    assert lines[dropped + 1].endswith(plain)
    assert lines.index(f'sh.shardCollection("{cases}", {{"_id": "hashed"}})') > dropped
    assert not any(line.startswith("sh.") and "submissions" in line for line in lines)


def test_the_same_is_told_to_a_script_and_neither_is_done_unasked() -> None:
    told = json.loads(CliRunner().invoke(app, ["shard", "--json", "--prefix", "city"]).output)
    assert set(told) == {f"city_{service}" for service in SERVICES}
    assert {"cases", "events", "inbox_streams"} <= {each.get("collection") for each in told["city_workflow"]}
    assert CliRunner().invoke(app, ["shard"]).exit_code == 2
