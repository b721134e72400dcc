"""What a caller is told of a body that is not as it should be."""

from pydantic import BaseModel, ValidationError, field_validator

from linli.web.app import field_errors


class Letter(BaseModel):
    stamp: str

    @field_validator("stamp")
    @classmethod
    def _valid(cls, value: str) -> str:
        raise ValueError("the stamp is not valid")


def test_our_own_words_come_without_the_name_of_an_exception() -> None:
    try:
        Letter(stamp="x")
    except ValidationError as error:
        assert field_errors(error.errors()) == [{"field": "stamp", "message": "the stamp is not valid"}]
