"""Errors that a caller is told of: a slug, a status, a sentence. They become problem+json in `linli.web`."""

from typing import Any


class Problem(Exception):
    """RFC 9457 problem details, before they are written. `extra` stands beside the standard members.

    `retry_after` (seconds) becomes the header of that name.
    """

    def __init__(
        self,
        slug: str,
        status: int,
        detail: str,
        *,
        retry_after: int | None = None,
        headers: dict[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(f"{slug}: {detail}")
        self.slug, self.status, self.detail, self.extra = slug, status, detail, extra
        self.page: str | None = None
        """HTML for a person who came by a link, in place of the document."""
        self.headers = dict(headers or {}) | ({"Retry-After": str(retry_after)} if retry_after else {})

    def document(self) -> dict[str, Any]:
        """The members of the problem document."""
        return {
            "type": f"urn:linli:problem:{self.slug}",
            "title": self.slug.replace("_", " ").capitalize(),
            "status": self.status,
            "detail": self.detail,
            **self.extra,
        }


def not_found(what: str) -> Problem:
    """What was asked for is not there, or not for the asker to see."""
    return Problem("not_found", 404, f"There is no such {what}.")


class Refused(Problem):
    """A problem that is a no to somebody who said who they are: it lands in the audit log, with the reason."""

    def __init__(self, problem: Problem, reason: str, *objects: str) -> None:
        super().__init__(problem.slug, problem.status, problem.detail, headers=problem.headers, **problem.extra)
        self.reason, self.objects = reason, objects


class Guessed(Refused):
    """A refusal of somebody who may be trying keys or tracking codes: it counts towards their limit of wrong ones."""


def unknown_code(detail: str) -> Guessed:
    """Nothing is known under a tracking code."""
    return Guessed(Problem("unknown_tracking_code", 404, detail), "unknown code")
