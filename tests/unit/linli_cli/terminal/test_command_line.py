"""What the commands check and say before and after they ask the services."""

import io
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from PIL import Image
from typer.testing import CliRunner

from intake.submissions.views import Why as TakenByIntake
from linli.security.permissions import Role
from linli_cli.cases.actions import Action, Options, body_with
from linli_cli.cases.attach import photo_content
from linli_cli.cases.contact import Why, in_lines
from linli_cli.cases.evidence import summary, write_private
from linli_cli.connection.client import ApiError
from linli_cli.connection.settings import StackSettings
from linli_cli.connection.target import embedded
from linli_cli.main import app
from linli_cli.privacy.keys import KeyRole
from linli_cli.terminal.errors import CliError, UsageFault

WORKFLOW = httpx2.Request("GET", "http://127.0.0.1:8102/v1/cases")


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_a_picture_passes(tmp_path: Path, format_: str) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, format_)
    (tmp_path / "photo").write_bytes(picture.getvalue())

    assert photo_content(tmp_path / "photo") == picture.getvalue()


@pytest.mark.parametrize("content", [b"", b"no picture", b"%PDF-1.7", b"GIF89a", b"RIFF....WAVE"])
def test_what_is_no_picture_is_refused_before_anything_is_sent(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "fake.jpg").write_bytes(content)

    with pytest.raises(CliError, match=r"fake\.jpg: .*(JPEG, PNG or WebP|PDF document|is empty)"):
        photo_content(tmp_path / "fake.jpg")


def test_a_heic_photo_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "IMG_1.HEIC").write_bytes(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"x" * 99)
    with pytest.raises(CliError, match=r"HEIC photo.*Send it as JPEG.*Most Compatible"):
        photo_content(tmp_path / "IMG_1.HEIC")


def test_an_error_that_only_repeats_the_detail_is_said_once() -> None:
    document = {
        "type": "urn:linli:problem:unknown_category",
        "detail": "'x' has no category 'y'.",
        "errors": [{"field": "category", "message": "'x' has no category 'y'"}],
    }
    error = ApiError("intake", httpx2.Response(422, json=document, request=WORKFLOW))
    assert error.message == "intake answered 422: 'x' has no category 'y'."


def test_an_error_that_says_more_than_the_detail_is_told_with_its_field() -> None:
    document = {"type": "urn:linli:problem:invalid", "detail": "Wrong.", "errors": [{"field": "a", "message": "b"}]}
    error = ApiError("intake", httpx2.Response(422, json=document, request=WORKFLOW))
    assert error.message == "intake answered 422: Wrong; a: b"


def test_another_programs_page_is_not_printed() -> None:
    error = ApiError("workflow", httpx2.Response(404, html="<html>nothing here</html>", request=WORKFLOW))
    assert error.message == "What answers at http://127.0.0.1:8102/ is not Linli's workflow."


def test_an_action_is_sent_with_what_belongs_to_it() -> None:
    assert body_with(Action.ACCEPT, Options()) == {}
    assert body_with(Action.RETURN, Options(by="water", reason="不归我们")) == {"by": "water", "reason": "不归我们"}
    promised = {"message": "好", "promise": {"kind": "money", "due": "2027-06-30", "fen": 500}}
    assert body_with(Action.PROGRESS, Options(message="好", promise="money:2027-06-30:500")) == promised
    for wrong in ("works", "words:2027-06-30", "works:2027-13-01", "money:2027-06-30:much"):
        with pytest.raises(UsageFault, match="KIND:DAY"):
            body_with(Action.RESOLVE, Options(message="好", promise=wrong))
    assert body_with(Action.REASSIGN, Options(message="请接手", to="power")) == {"message": "请接手", "party": "power"}


@pytest.mark.parametrize(
    ("action", "message", "reason", "to", "words"),
    [
        (Action.RETURN, None, None, None, "`return` needs --reason"),
        (Action.RETURN, "x", "y", None, "takes no --message"),
        (Action.CLOSE, None, "y", None, "takes no --reason"),
        (Action.REASSIGN, None, None, None, "needs --to"),
        (Action.ACCEPT, None, None, "power", "takes no --to"),
        (Action.NOTE, None, None, None, "needs --message"),
        (Action.RESOLVE, None, None, None, "`resolve` needs --message: the answer"),
        (Action.RESOLVE, " ", None, None, "`resolve` needs --message: the answer"),
    ],
)
def test_an_action_says_what_it_lacks_or_does_not_take(
    action: Action, message: str | None, reason: str | None, to: str | None, words: str
) -> None:
    with pytest.raises(CliError, match=words):
        body_with(action, Options(message=message, reason=reason, to=to))


def test_what_is_put_right_is_sent_by_either_name() -> None:
    said = Options(reason="听错了", category="水", at="120.4，36.1", place="-")
    right = {"category": "水", "place": None, "location": {"lon": 120.4, "lat": 36.1}}
    assert body_with(Action.CORRECT, said) == {"reason": "听错了"} | right
    assert body_with(Action.RELOCATE, Options(reason="听错了", neighbourhood="east", reroute=True)) == {
        "reason": "听错了",
        "neighbourhood": "east",
        "reroute": True,
    }
    anew = body_with(Action.CORRECT, Options(reason="听错了", new_deadlines=True))
    assert anew == {"reason": "听错了", "new_deadlines": True}
    assert {each.sent for each in (Action.CORRECT, Action.RECATEGORISE, Action.RELOCATE)} == {"correct"}


@pytest.mark.parametrize(
    ("action", "said", "words"),
    [
        (Action.CORRECT, Options(), "needs one of --kind"),
        (Action.RECATEGORISE, Options(reroute=True), "needs one of --kind, --category"),
        (Action.RECATEGORISE, Options(place="x"), "takes no --place"),
        (Action.ACCEPT, Options(new_deadlines=True), "takes no --new-deadlines"),
        (Action.CORRECT, Options(kind="fire"), "no kind fire"),
        (Action.CORRECT, Options(title="-"), "has a title"),
        (Action.CORRECT, Options(at="east"), "no LON,LAT"),
    ],
)
def test_what_is_put_right_says_what_it_lacks(action: Action, said: Options, words: str) -> None:
    with pytest.raises(CliError, match=words):
        body_with(action, said if action is Action.ACCEPT else replace(said, reason="听错了"))


def test_an_action_that_concerns_others_is_sent_with_what_belongs_to_it() -> None:
    assert body_with(Action.MERGE, Options(into="c-2")) == {"into": "c-2"}
    assert body_with(Action.SPLIT, Options(part=("water=修管=换阀", "estate=修灯"))) == {
        "parts": [{"party": "water", "message": "修管=换阀"}, {"party": "estate", "message": "修灯"}]
    }


@pytest.mark.parametrize(
    ("action", "into", "parts", "words"),
    [
        (Action.MERGE, None, [], "needs --into"),
        (Action.UNMERGE, "c-2", [], "takes no --into"),
        (Action.MERGE, "c-2", ["water=x", "estate=y"], "takes no --part"),
        (Action.SPLIT, None, ["water=x"], "at least twice"),
        (Action.SPLIT, None, ["water=x", "estate"], "--part estate is not"),
        (Action.SPLIT, None, ["water=x", "=y"], "--part =y is not"),
    ],
)
def test_an_action_that_concerns_others_says_what_it_lacks(
    action: Action, into: str | None, parts: list[str], words: str
) -> None:
    with pytest.raises(CliError, match=words):
        body_with(action, Options(into=into, part=tuple(parts)))


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("parked replay --partition 0", "--partition needs --topic"),
        ("parked replay --from-offset 3 --topic linli.cases", "An offset needs --topic and --partition"),
        ("parked replay --reason x --service nobody", "'nobody' is no service"),
        ("parked replay --since yesterday", "'yesterday' is no time"),
        ("audit --service nobody", "There is no such service"),
        ("audit --outcome perhaps", "'perhaps' is not one of"),
        ("report --month 2026-13", "'2026-13' is not a month"),
        ("act c-1 pause", "`pause` needs --waiting-for"),
        ("act c-1 pause --waiting-for godot", "'godot' is not one of"),
        ("act c-1 merge", "`merge` needs --into"),
        ("act c-1 return", "`return` needs --reason"),
        ("act c-1 resolve", "`resolve` needs --message"),
        ("keys create desk --role resident", "'resident' is not one of"),
    ],
)
def test_an_option_that_lacks_another_or_is_none_ends_with_2_and_a_sentence(command: str, words: str) -> None:
    done = CliRunner().invoke(app, command.split())
    assert (done.exit_code, words in done.output) == (2, True), done.output
    assert "Value error" not in done.output


def test_a_variable_that_is_missing_is_called_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_TARGET", "addresses")
    done = CliRunner().invoke(app, ["cases"])
    assert "LINLI_INTAKE_URL: is missing" in done.output


def test_a_key_can_have_every_role_but_that_of_a_resident() -> None:
    assert set(KeyRole) == set(Role) - {Role.RESIDENT}


def test_a_home_that_never_had_a_stack_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CliError, match=f"No stack was ever started in {tmp_path}: go to the directory where it runs"):
        embedded(StackSettings(home=tmp_path)).secret_to_read("operator.key")


def test_photos_are_written_for_nobody_else(tmp_path: Path) -> None:
    (tmp_path / "there.jpg").write_bytes(b"old")
    for file in (tmp_path / "new" / "after-1.jpg", tmp_path / "there.jpg"):
        write_private(file, b"photo")
        assert (file.stat().st_mode & 0o777, file.read_bytes()) == (0o600, b"photo")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("listed", "new", "words"),
    [
        (2, None, "2 photos."),
        (2, 2, "2 photos added."),
        (1, 0, "0 added, 1 was there already."),
        (3, 1, "1 photo added, 2 were there already."),
    ],
)
def test_a_photo_that_was_there_is_not_called_added(listed: int, new: int | None, words: str) -> None:
    assert summary(listed, new) == words


def test_a_contact_is_shown_with_what_there_is() -> None:
    assert in_lines({"title": "灯", "name": "王芳", "phone": "13800000001"}).splitlines() == [
        "name       王芳",
        "telephone  13800000001",
    ]
    assert in_lines({"title": "灯"}) == "The reporter left no way to be reached, or it is erased."


def test_the_reasons_to_see_a_contact_are_those_that_intake_takes() -> None:
    assert set(Why) == set(TakenByIntake)
