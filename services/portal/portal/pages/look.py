"""How a page looks to who asked for it: language and colours, each switched by one press and kept in a cookie."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from fastapi import Request, Response

from linli.contracts.kinds import Language
from linli.web.problem_words import ANSWER_IN

Theme: TypeAlias = Literal["auto", "light", "dark"]
THEMES: tuple[Theme, ...] = ("auto", "light", "dark")
LANGUAGE, THEME = "linli_language", "linli_theme"
YEAR = 365 * 86_400


@dataclass(frozen=True, slots=True)
class Look:
    """Of one request."""

    language: Language
    theme: Theme

    @classmethod
    def of(cls, request: Request) -> "Look":
        """The cookies' word, else the browser's, else Chinese."""
        said = request.cookies.get(LANGUAGE)
        if said in set(Language):
            language = Language(said)
        elif request.headers.get("accept-language", "*").strip() in {"", "*"}:
            language = Language.ZH
        else:
            language = ANSWER_IN.get()  # found at the edge
        theme = request.cookies.get(THEME)
        return cls(language, theme if theme in THEMES else "auto")


def keep(response: Response, name: str, value: str, secure: bool) -> None:
    """For a year, on this device."""
    response.set_cookie(name, value, max_age=YEAR, httponly=True, secure=secure, samesite="lax", path="/")
