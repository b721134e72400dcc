"""What intake does for a caller: load, decide, save."""

import asyncio
import hmac
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import structlog
from uuid_utils import uuid7

from intake.metrics import OUTAGES_KNOWN
from intake.submissions.domain.directory import SHANGHAI, Directory
from intake.submissions.domain.outages import KnownOutage, Outages, told
from intake.submissions.domain.request import NewSubmission
from intake.submissions.domain.same import differing
from intake.submissions.domain.submission import Repetition, Submission, accepted, submitted, withdrawn
from intake.submissions.store import Clash, Entry, IntakeStore
from linli.contracts.intake.permissions import AMEND_ANY, SUBMIT_FOR_OTHERS
from linli.contracts.workflow.community import Community
from linli.contracts.workflow.outage import OutageEvent
from linli.messaging.outbox import Unsent, outgoing
from linli.messaging.transactions import Transactions
from linli.privacy.tracking import BITS, LENGTH, made_of, normalise
from linli.security.auth import forbidden, require
from linli.security.permissions import Permission, Role
from linli.security.principals import Principal
from linli.storage import mongo
from linli.storage.clock import Now
from linli.storage.group_commit import GroupCommit
from linli.web.idempotency import fingerprint, other_body
from linli.web.localized import Localized
from linli.web.problems import Guessed, Problem, Refused, not_found

log = structlog.get_logger()

TAKEN = "external_id_taken"
"""The slug of what comes in under an outside id that another submission has."""
PATIENCE = 10.0
"""Seconds that a caller waits for the database at most."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How a submission was taken: it, or the earlier one that it repeats or is a duplicate of."""

    submission: Submission
    replayed: bool = False
    duplicate: bool = False

    def receipt(self, maker: str | None) -> dict[str, Any]:
        """What a caller gets; of a duplicate the tracking code only when the earlier one was its own."""
        receipt = self.submission.receipt()
        if self.duplicate and not self.submission.is_of(maker):
            del receipt["tracking_code"]
        return receipt | ({"duplicate": True} if self.duplicate else {})


ContactsToo: TypeAlias = Callable[[Sequence[str]], Awaitable[Mapping[str, dict[str, Any]]]]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, with what the headers say."""

    who: Principal
    key: str | None = None
    """The Idempotency-Key."""
    traceparent: str | None = None
    tracking_code: str | None = None

    @property
    def maker(self) -> str | None:
        """The owner stored with a submission; residents are distinguished only by their codes."""
        return None if self.who.role is Role.RESIDENT else self.who.id

    def repetition(self, scope: str, body: str) -> Repetition | None:
        """A key counts for its principal and scope. Residents share one: a key of theirs must be random."""
        return Repetition(f"{self.who.id}:{scope}:{self.key}", body) if self.key else None


class Intake:
    """Takes submissions in, and answers for them."""

    def __init__(
        self,
        store: IntakeStore,
        group_commit: GroupCommit[Entry],
        topic: str,
        transactions: Transactions,
        now: Now,
    ) -> None:
        self._store, self._group_commit, self._topic, self._transactions = store, group_commit, topic, transactions
        self.now = now
        self._directory, self._outages = Directory(), Outages()
        self.contacts_too: list[ContactsToo] = []
        """Later contexts that know contacts by ids of their own."""
        self._pseudonyms: bytes | None = None

    def know(self, communities: Iterable[Community]) -> None:
        """Take over the communities' data as it is now."""
        self._directory = Directory.of(communities)

    def hear_of(self, outages: Iterable[OutageEvent]) -> None:
        """Take over what companies say is off, as it is now."""
        running = [each for each in outages if each.state.running]
        self._outages = Outages.of(running)
        OUTAGES_KNOWN.set(len(running))

    def known_outage(self, submission: Submission) -> KnownOutage | None:
        """The outage that it is about, as that is known now."""
        if (outage := self._outages.about(submission)) is None:
            return None
        community = self._directory.communities.get(submission.community)
        return told(outage, community.zone if community else SHANGHAI, self.now())

    @property
    def directory(self) -> Directory:
        """The communities' data as it is now."""
        return self._directory

    async def accept(self, new: NewSubmission, caller: Caller) -> Taken:
        """On disk when this returns. Raises `Problem`."""
        repetition = caller.repetition("one", fingerprint(new.model_dump(mode="json"))) if caller.key else None
        try:
            entry = self.prepare(new, repetition, caller, await self.pseudonyms(), self.now())
            [taken] = await self.admit([entry])
        except Exception as error:
            if not mongo.is_outage(error):
                raise
            raise _unavailable(error) from error
        if isinstance(taken, Exception):
            raise taken
        return taken

    def prepare(
        self, new: NewSubmission, repetition: Repetition | None, caller: Caller, pseudonyms: bytes, at: datetime
    ) -> Entry:
        """A submission with its event, decided and not yet stored. Raises `Problem`."""
        if new.operators_fields():
            require(caller.who, SUBMIT_FOR_OTHERS)
        community = self._directory.community_of(new)
        submission = accepted(
            self._directory.on_the_map(new, community),
            community=community,
            id=str(uuid7()),
            tracking_code=made_of(secrets.randbits(BITS)),
            now=at,
            pseudonyms=pseudonyms,
            repetition=repetition,
            made_by=caller.maker,
        )
        _within(caller.who, submission)
        return Entry(submission, outgoing(submitted(submission, caller.traceparent), self._topic))

    async def admit(self, entries: Sequence[Entry]) -> list[Taken | Exception]:
        """Store entries; one that clashes is a repetition, a duplicate, or wrong. Raises when storage fails."""
        outcomes = await self._group_commit.admit(entries)
        originals: Mapping[str, Submission] = {}
        pairs = list(zip(entries, outcomes, strict=True))
        if clashing := [entry.submission for entry, outcome in pairs if isinstance(outcome, Clash)]:
            async with asyncio.timeout(PATIENCE):
                originals = await self._store.originals(clashing)
        taken: list[Taken | Exception] = []
        for entry, outcome in pairs:
            if isinstance(outcome, Clash):
                taken.append(_settled(entry.submission, originals.get(entry.submission.id)))
            elif outcome:
                taken.append(outcome)
            else:
                kept = entry.submission
                log.info("accepted", correlationid=kept.id, kind=kept.kind, channel=kept.channel)
                taken.append(Taken(kept))
        return taken

    async def claim_batch(self, caller: Caller, body: str) -> Repetition | None:
        """How the items of a batch are recognised when it is repeated. Raises 422 when its key means another batch."""
        repetition = caller.repetition("batch", body)
        if repetition and not await self._store.claim_batch(repetition.key, body, self.now()):
            raise other_body()
        return repetition

    async def pseudonyms(self) -> bytes:
        """The key of `resident_id`."""
        if self._pseudonyms is None:
            async with asyncio.timeout(PATIENCE):
                self._pseudonyms = await self._store.pseudonyms()
        return self._pseudonyms

    async def authorised(self, submission_id: str, caller: Caller, without_code: Permission) -> Submission:
        """A submission, for who has its tracking code or, `without_code`, for who has that permission.

        Raises 401 or 403 without either; 404 alike for a wrong code and for a submission that is not there.
        """
        if caller.tracking_code is None:
            require(caller.who, without_code)
        async with storage():
            submission = await self._store.find(submission_id)
        if submission is not None and caller.who.may(without_code):
            return submission
        given = normalise(caller.tracking_code or "") or ""
        right = hmac.compare_digest(given, submission.tracking_code if submission else "0" * LENGTH)
        if submission is None or submission.erased_at is not None or not right:
            raise not_found("submission") if caller.who.may(without_code) else _wrong_code(submission)
        return submission

    async def withdraw(self, submission_id: str, reason: str | None, caller: Caller) -> dict[str, Any]:
        """Take a submission back; a second time changes nothing."""
        await self.authorised(submission_id, caller, AMEND_ANY)
        at = self.now()

        async def work(session: mongo.Session) -> tuple[tuple[Submission, bool], list[Unsent]]:
            submission = await self._store.find(submission_id, session)
            if submission is None:
                raise not_found("submission")
            if submission.withdrawn_at is not None:
                return (submission, False), []
            taken_back, event = withdrawn(submission, reason, at, caller.traceparent)
            return (taken_back, True), await self._store.save_withdrawal(taken_back, event, session)

        async def act() -> dict[str, Any]:
            submission, is_new = await self._transactions.run(work)
            if is_new:
                log.info("withdrawn", correlationid=submission_id, by=caller.who.id)
            assert submission.withdrawn_at is not None
            return {"id": submission.id, "withdrawn_at": submission.withdrawn_at.isoformat()}

        return await self.once("withdraw", fingerprint(submission_id, reason), caller, act)

    async def once(self, scope: str, body: str, caller: Caller, act: Any) -> dict[str, Any]:
        """The answer of `act`, run once per principal, scope and key."""
        async with storage():
            return await self._store.once(caller.key, f"{caller.who.id}:{scope}", body, act)

    async def contacts(self, submission_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """For notify: each reporter's contact and tracking code."""
        async with storage():
            found = await self._store.contacts(submission_ids)
            known = {each.id: each.contact() for each in found if each.erased_at is None}
        for too in self.contacts_too:
            known |= await too(submission_ids)
        return known


@asynccontextmanager
async def storage() -> AsyncIterator[None]:
    """Bounds the wait for the database; its absence becomes 503."""
    try:
        async with asyncio.timeout(PATIENCE):
            yield
    except Exception as error:
        if not mongo.is_outage(error):
            raise
        raise _unavailable(error) from error


def _unavailable(error: Exception) -> Problem:
    log.warning("mongodb_away", error=type(error).__name__)
    detail = "The database does not answer. Repeat it with the same Idempotency-Key: it will take effect once."
    return Problem("storage_unavailable", 503, detail, retry_after=2)


def _within(who: Principal, submission: Submission) -> None:
    """Raises 403 for a key that is bound to other channels or communities."""
    for bound, value, name in (
        (who.channels, submission.channel.value, "channel"),
        (who.communities, submission.community, "community"),
    ):
        if bound is not None and value not in bound:
            raise forbidden(
                f"This key submits for {', '.join(sorted(bound))} alone, not for {name} {value}.", f"no {name}"
            )


def _wrong_code(submission: Submission | None) -> Guessed:
    """Alike for a wrong code and for a submission that is not there; the log has the one that is."""
    return Guessed(not_found("submission"), "wrong code", *([submission.id] if submission else []))


def _settled(submission: Submission, original: Submission | None) -> Taken | Exception:
    """What a clash means, given what is on disk."""
    if original is None:  # the other one's insert was undone meanwhile, or the codes are the same (1 : 2**60)
        return Problem("storage_unavailable", 503, "Try again.", retry_after=1)
    if original.erased_at is not None:  # a repetition must not bring back what somebody wanted to be forgotten
        return Taken(original, duplicate=True)
    if submission.repetition and original.repetition and submission.repetition.key == original.repetition.key:
        return (
            other_body() if submission.repetition.body != original.repetition.body else Taken(original, replayed=True)
        )
    if differs := differing(submission, original):
        return _taken(submission, original, differs)
    return Taken(original, duplicate=True)


def _taken(submission: Submission, original: Submission, differs: Sequence[str]) -> Refused:
    """The id is another submission's. In what they differ is for its maker alone: others would learn by trying."""
    which = ", ".join(differs) if original.is_of(submission.made_by) else ""
    message = Localized(
        "is taken by submission {id}, which says something else{which}",
        "已用于 {id}，而那一件的内容不同{which}",
        **{"id": original.id, "which": Localized(" ({fields})", "（{fields}）", fields=which) if which else ""},
    )
    problem = Problem(
        TAKEN,
        409,
        Localized(
            "The external_id {taken}. Where it was not meant: give this one an id of its own.",
            "外部编号 external_id {taken}。如果不是同一件，请给这一件另用一个编号。",
            taken=message,
        ),
        errors=[{"field": "external_id", "message": message}],
    )
    return Refused(problem, "external id taken", original.id)
