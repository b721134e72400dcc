"""The event contracts: what is committed is what the code writes, and a breaking change does not pass."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from linli.contracts import schemas
from linli.contracts.base import tolerant
from linli.contracts.catalogue import event_types
from linli.contracts.envelope import decode, encode
from linli.contracts.intake.submission import ReportSubmitted
from tests.support.builders import submitted

REPORT = schemas.schema_of(ReportSubmitted)


def test_the_committed_schemas_are_those_of_the_code() -> None:
    assert schemas.main([]) == 0


def test_every_type_follows_the_grammar() -> None:
    for event in event_types():
        linli, noun, verb, version = event.TYPE.split(".")
        assert (linli, version[0], noun.isalpha(), verb.replace("_", "").isalpha()) == ("linli", "v", True, True)


def changed(change: Any) -> dict[str, Any]:
    new = deepcopy(REPORT)
    change(new)
    return new


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: s["properties"].pop("title"), "title: was taken away"),
        (lambda s: s["required"].append("place"), "place: became required"),
        (lambda s: s["required"].remove("title"), "title: became optional"),
        (lambda s: s["properties"]["title"].update(type="integer"), "type was 'string' and is 'integer'"),
        (lambda s: s["$defs"]["Channel"]["enum"].remove("web"), "the values were"),
        (lambda s: s["$defs"]["Channel"]["enum"].append("telepathy"), "the values were"),
        (lambda s: s["$defs"]["Point"]["properties"].pop("lon"), "lon: was taken away"),
        (lambda s: s["properties"]["submitted_at"].update(format="date"), "format was 'date-time'"),
    ],
)
def test_a_breaking_change_is_found(change: Any, said: str) -> None:
    found = schemas.breaking_changes(REPORT, changed(change))
    assert found
    assert any(said in fault for fault in found), found


def test_a_new_optional_field_breaks_nobody() -> None:
    new = changed(lambda s: s["properties"].update(weather={"anyOf": [{"type": "string"}, {"type": "null"}]}))
    assert schemas.breaking_changes(REPORT, new) == []


def test_the_check_fails_on_a_breaking_change_and_does_not_write_over_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert schemas.main(["--write"], tmp_path) == 0
    assert schemas.main([], tmp_path) == 0
    committed = tmp_path / f"{ReportSubmitted.TYPE}.json"
    committed.write_text(json.dumps(changed(lambda s: s["properties"].update(promised={"type": "string"}))))
    assert schemas.main([], tmp_path) == 1
    assert schemas.main(["--write"], tmp_path) == 1
    assert "promised: was taken away" in capsys.readouterr().out
    assert "promised" in committed.read_text()


def test_a_consumer_ignores_a_field_that_it_does_not_know() -> None:
    message = encode(submitted("s1"))
    value = json.loads(message.value) | {"added_later": 1}
    event = tolerant(ReportSubmitted, json.dumps(value).encode())
    assert event == submitted("s1").data


def test_a_producer_refuses_a_field_that_is_not_in_the_contract() -> None:
    with pytest.raises(ValueError, match="extra_forbidden"):
        submitted("s1", reporter_name="张三")


def test_an_event_comes_back_from_its_record_as_it_was() -> None:
    envelope = submitted("s1", title="加装电梯", text="六楼老人上下不便")
    message = encode(envelope)
    assert decode(b"s1", message.value, message.headers.items()) == envelope
    assert {"ce_id", "ce_type", "ce_source", "ce_subject", "ce_sequence", "ce_correlationid"} <= set(message.headers)
