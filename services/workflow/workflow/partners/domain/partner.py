"""A partner: a party of a community that takes part with a system of its own, and how it comes, rests and goes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.contracts.workflow.partner import PartnerChanged, Standing, Way
from linli.frozen import replace
from linli.security.partner_passwords import password_of

OVERLAP = timedelta(days=7)
"""So long the password before still counts once another was made: a company changes its program in office hours."""
USERS = ("a", "b")
"""Each partner has two users on Kafka, of which one rests: a user has one password, so a new one is another user's."""


@dataclass(frozen=True, slots=True)
class Login:
    """A user of Kafka as it counts now."""

    user: str
    """`a` or `b`."""
    generation: int
    """Which of the partner's passwords it has: none comes twice."""
    until: datetime | None = None
    """It ends then; None: it is the newest."""


@dataclass(frozen=True, slots=True)
class Partner:
    """It has orders in place of letters, and says by updates what became of them."""

    community: str
    party: str
    added_at: datetime
    added_by: str
    active_since: datetime | None = None
    """When it came back, if it had gone: what was written to its topics before is not taken."""
    standing: Standing = Standing.ACTIVE
    ways: tuple[Way, ...] = ()
    logins: tuple[Login, ...] = ()
    """Newest first; none without Kafka."""
    generations: int = 0
    """Passwords that were ever made."""
    applied: int = 0
    """The version that the broker is in line with."""
    version: int = 1
    told: int = 0
    """Events of it that were published."""

    @property
    def id(self) -> str:
        """No slug has a `/`, so no other subject is called so."""
        return partner_id(self.community, self.party)

    @property
    def is_revoked(self) -> bool:
        return self.standing is Standing.REVOKED

    @property
    def has_topics(self) -> bool:
        """Whether the broker has been made ready for it at least once."""
        return Way.KAFKA in self.ways and self.applied > 0

    @property
    def in_line(self) -> bool:
        """Whether the broker is as it should be."""
        return self.applied == self.version

    @property
    def usernames(self) -> list[str]:
        """All that it may have on Kafka."""
        return [self.username(user) for user in USERS]

    @property
    def group_prefix(self) -> str:
        """Its consumer groups begin so. It ends in a dot, or the groups of `water2` would be those of `water` too."""
        return f"partner.{self.community}.{self.party}."

    def username(self, user: str) -> str:
        """What Kafka calls one of its users. Nothing but letters, digits, `.` and `-`."""
        return f"{self.group_prefix}{user}"

    def password(self, key: str, login: Login) -> str:
        """Of one of its users."""
        return password_of(key, self.username(login.user), login.generation)

    def topic(self, name: str, *, sandbox: bool = False) -> str:
        """The short name of its topic of orders, receipts or updates."""
        return f"{'sandbox.' if sandbox else ''}partner.{self.community}.{self.party}.{name}"


def partner_id(community: str, party: str) -> str:
    return f"{community}/{party}"


def names_topics(community: str, party: str) -> bool:
    """Whether topics can be: `a.b` and `c` would make the name that `a` and `b.c` make, and `_` is as `.` there."""
    return not set("._") & {*community, *party}


def added(partner: Partner, ways: Collection[Way], now: datetime) -> Partner:
    """With these ways too; one that had gone comes back. The same where nothing changes."""
    back = partner.standing is Standing.REVOKED
    after = replace(
        partner,
        standing=Standing.ACTIVE if back else partner.standing,
        active_since=now if back else partner.active_since,
        ways=tuple(sorted({*(() if back else partner.ways), *ways})),
    )
    if Way.KAFKA in after.ways and not after.logins:
        after = _with_a_login(after)
    return _moved(partner, after)


def paused(partner: Partner) -> Partner:
    """Nothing is sent to it and nothing is taken from it, until it goes on."""
    return _stands(partner, Standing.PAUSED) if partner.standing is Standing.ACTIVE else partner


def resumed(partner: Partner) -> Partner:
    """It goes on where it was."""
    return _stands(partner, Standing.ACTIVE) if partner.standing is Standing.PAUSED else partner


def revoked(partner: Partner) -> Partner:
    """It is a partner no more: no password counts, nothing is taken."""
    return _moved(partner, replace(partner, standing=Standing.REVOKED, logins=()))


def rotated(partner: Partner, now: datetime, *, at_once: bool = False) -> Partner:
    """The other user gets a new password; the one before counts for a while longer, or not at all.

    While two count already there is no third user to give one to: only `at_once` changes anything then.
    """
    if not partner.logins or (counting(partner, now) is not None and not at_once):
        return partner
    before = () if at_once else (replace(partner.logins[0], until=now + OVERLAP),)
    return _moved(partner, _with_a_login(replace(partner, logins=before), after=partner.logins[0].user))


def counting(partner: Partner, now: datetime) -> datetime | None:
    """Until when the password before the newest counts, if it does."""
    return next((each.until for each in partner.logins if each.until is not None and each.until > now), None)


def expired(partner: Partner, now: datetime) -> Partner:
    """Without the passwords whose time is over."""
    counting = tuple(each for each in partner.logins if each.until is None or each.until > now)
    return _moved(partner, replace(partner, logins=counting))


def in_line(partner: Partner, version: int) -> Partner:
    """The broker is as this version of it says. That is no change of its own."""
    return replace(partner, applied=max(partner.applied, min(version, partner.version)))


def changed(before: Partner | None, after: Partner) -> PartnerChanged | None:
    """What others are told of a change; None where it is nothing to them."""
    event = PartnerChanged(
        community=after.community,
        party=after.party,
        standing=after.standing,
        ways=after.ways,
        has_topics=after.has_topics,
    )
    if before is None:
        return event
    seen = (before.standing, before.ways, before.has_topics)
    return None if seen == (after.standing, after.ways, after.has_topics) else event


def _with_a_login(partner: Partner, after: str | None = None) -> Partner:
    user = next(each for each in USERS if each != after)
    newest = Login(user, partner.generations + 1)
    return replace(partner, logins=(newest, *partner.logins), generations=newest.generation)


def _stands(partner: Partner, standing: Standing) -> Partner:
    return _moved(partner, replace(partner, standing=standing))


def _moved(before: Partner, after: Partner) -> Partner:
    return before if after == before else replace(after, version=before.version + 1)
