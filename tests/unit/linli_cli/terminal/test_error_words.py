"""What a library says of a value is said as a person would say it."""

from typing import Annotated, Literal

import httpx2
import pytest
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from linli.contracts.base import Record, Slug
from linli.contracts.kinds import Kind
from linli_cli.connection.client import ApiError
from linli_cli.terminal.errors import in_words

PYDANTIC = ("should", "Input", "permitted", "required", "Value error")


class Everything(Record):
    """A field of every sort that a request has."""

    slug: Slug = "a"
    kind: Kind = Kind.REPORT
    one: Literal["a", "b"] = "a"
    text: Annotated[str, Field(min_length=2, max_length=5)] = "abc"
    number: Annotated[int, Field(ge=1, le=9)] = 1
    ratio: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)] = 0.5
    yes: Annotated[bool, Field(strict=True)] = True
    at: AwareDatetime | None = None
    many: Annotated[tuple[str, ...], Field(min_length=1, max_length=2)] = ("a",)
    inner: "Everything | None" = None


WRONG = [
    *({"slug": "A B"}, {"kind": "fire"}, {"one": "c"}, {"text": "a"}, {"text": "abcdef"}, {"text": 7}, {"other": 1}),
    *({"number": 0}, {"number": 10}, {"number": "x"}, {"ratio": 0}, {"ratio": 1}, {"ratio": float("nan")}),
    *(
        {"yes": "perhaps"},
        {"at": "noon"},
        {"at": "2026-01-01T00:00:00"},
        {"many": []},
        {"many": ["a"] * 3},
        {"many": 1},
    ),
    *({"inner": 7}, {"inner": {"slug": 5}}),
]


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_no_sentence_of_the_library_reaches_a_person(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refused:
        Everything.model_validate(wrong)
    for error in refused.value.errors():
        said = in_words(error["msg"])
        assert said.startswith(("is ", "has ")) and not any(word in said for word in PYDANTIC), said


def test_a_missing_field_is_called_missing_and_what_we_say_ourselves_stays() -> None:
    class Needs(BaseModel):
        name: str

    with pytest.raises(ValidationError) as refused:
        Needs.model_validate({})
    assert in_words(refused.value.errors()[0]["msg"]) == "is missing"
    assert in_words("Value error, write a duration such as 30m") == "write a duration such as 30m"


def test_a_service_s_refusal_is_told_so_too() -> None:
    errors = [{"field": "title", "message": "String should have at most 200 characters"}]
    document = {"type": "urn:linli:problem:invalid", "detail": "Some fields are wrong.", "errors": errors}
    request = httpx2.Request("POST", "http://127.0.0.1:8101/v1/submissions")
    error = ApiError("intake", httpx2.Response(422, json=document, request=request))
    assert error.message.endswith("title is longer than 200 characters")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/v1/cases/123", "There is no such case: 123"),
        ("/v1/keys/nix:revoke", "There is no such case: nix"),
        ("/v1/cases/123/repeats", "There is no such case: 123"),
        ("/office/v1/cases/123/photos/2", "There is no such case: 2"),
        ("/v1/rules:try", "There is no such case."),
    ],
)
def test_what_is_not_there_is_told_with_what_it_was_asked_for_by(path: str, told: str) -> None:
    document = {"type": "urn:linli:problem:not_found", "detail": "There is no such case."}
    request = httpx2.Request("GET", f"http://127.0.0.1:8102{path}")
    assert ApiError("workflow", httpx2.Response(404, json=document, request=request)).detail == told
