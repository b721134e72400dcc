"""Pages from templates: each face's `templates/`, by `face/name.html`, in the reader's language."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_timedelta
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import BaseLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from linli.storage.clock import NotKnownYet, Now
from linli.web.problem_words import ANSWER_IN
from portal.addresses import at
from portal.pages import language
from portal.pages.assets import Assets
from portal.pages.look import THEMES, Look
from portal.signin.person import Person, person_of

PORTAL = Path(__file__).parent.parent


def faces_with(name: str) -> Iterator[Path]:
    """Of each face that has it, this file or folder."""
    yield from sorted(path for path in PORTAL.glob(f"*/{name}"))


SILENT_AFTER = 25
"""Seconds without a sign of life after which a live page says so. Workflow gives one every 15, and the topology has a
sample every five."""


class Pages:
    """Renders. One for the portal."""

    def __init__(self, now: Now, zone: str, components: bool = False) -> None:
        """`zone` is the time zone that times are told in; `components`: whether the page of all parts is shown."""
        self._now, self.components = now, components
        self.assets = Assets(
            [("" if path.parent.name == "pages" else f"{path.parent.name}/", path) for path in faces_with("static")]
        )
        language.load(list(faces_with("zh_CN.po")))
        self._zone = ZoneInfo(zone)
        loader = _Faces({path.parent.name: FileSystemLoader(path) for path in faces_with("templates")})
        self._templates = Environment(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        self._templates.install_gettext_callables(  # type: ignore[attr-defined]  # the extension brings it
            _gettext, _ngettext, newstyle=True
        )
        self._templates.globals |= {
            "asset": self.assets.address,
            "at": at,
            "themes": THEMES,
            "silent_after": SILENT_AFTER,
        }
        self._templates.filters |= {"moment": self._moment, "ago": self._ago}

    def add_filters(self, **filters: Callable[..., Any]) -> None:
        """What a face's templates may use besides."""
        self._templates.filters |= filters

    def page(
        self,
        request: Request,
        template: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> HTMLResponse:
        """A whole page. `headers` stand beside those that every page has (`portal.pages.route`)."""
        return HTMLResponse(self.text(request, template, **values), status, dict(headers or {}))

    def text(self, request: Request, template: str, **values: Any) -> str:
        """The same as text: of a part of a page too."""
        person = person_of(request)
        known = Known(Look.of(request), request.url.path, _query(request), person)
        return self._templates.get_template(template).render(known=known, person=person, **values)

    def _moment(self, said: datetime | str | None, format: str = "medium") -> Markup:
        """A moment as a `time` element: in the zone of the office, with the machine's form beside it."""
        if said is None:
            return Markup("–")
        moment = _read(said)
        text = format_datetime(moment.astimezone(self._zone), format, locale=language.LOCALES[ANSWER_IN.get()])
        return _time(moment, text)

    def _ago(self, said: datetime | str | None) -> Markup:
        """How long ago, or in how long, in words; the moment itself is in the element."""
        if said is None:
            return Markup("–")
        moment = _read(said)
        try:
            now = self._now()
        except NotKnownYet:
            return self._moment(moment)
        words = format_timedelta(
            moment - now,
            add_direction=True,
            locale=language.LOCALES[ANSWER_IN.get()],
        )
        return _time(moment, words)


class _Faces(PrefixLoader):
    """A template is known by its whole name, `desk/case.html`: by its face its texts are found."""

    load = BaseLoader.load


@pass_context
def _gettext(context: Context, message: str) -> str:
    return language.said(_face(context), message)


@pass_context
def _ngettext(context: Context, one: str, many: str, number: int) -> str:
    return language.counted(_face(context), one, many, number)


def _face(context: Context) -> str:
    """`desk` of `desk/case.html`."""
    return (context.name or "").partition("/")[0]


@dataclass(frozen=True, slots=True)
class Known:
    """What every page knows of the request that it answers."""

    look: Look
    path: str
    query: str
    person: Person | None

    @property
    def here(self) -> str:
        """The address, to come back to."""
        return f"{self.path}?{self.query}" if self.query else self.path


def _query(request: Request) -> str:
    return request.url.query


def _time(moment: datetime, text: str) -> Markup:
    machine = moment.astimezone(UTC).isoformat()
    return Markup(f'<time datetime="{machine}">{escape(text)}</time>')  # noqa: S704  # escaped; a list has fifty


def _read(said: datetime | str) -> datetime:
    return datetime.fromisoformat(said) if isinstance(said, str) else said
