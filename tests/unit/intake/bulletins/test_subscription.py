"""A subscription is asked for by anybody and decided on by who reads the mailbox; no event has the mailbox."""

import pytest
from pydantic import ValidationError

from intake.bulletins.domain import NewSubscription, asked, confirmed, ended, thinned
from linli.contracts.envelope import Envelope, encode
from linli.contracts.intake.subscription import Hears, SubscriptionAsked, SubscriptionConfirmed, SubscriptionThinned
from linli.web.problems import Problem
from tests.support.builders import NOON

BOX = "Wang@residents.example"
NEW = NewSubscription(community="test", neighbourhood="east", email=BOX, consents=True)


def test_it_is_asked_for_confirmed_thinned_and_ended_and_no_event_has_the_mailbox_or_the_code() -> None:
    made, first = asked(NEW, "n1", "0A1B2C3D4E5F", NOON)
    assert isinstance(first, SubscriptionAsked) and made.confirmed_at is None
    yes = confirmed(made, NOON)
    assert yes and isinstance(yes[1], SubscriptionConfirmed) and yes[0].confirmed_at == NOON
    assert confirmed(yes[0], NOON) is None, "a second time changes nothing"
    less = thinned(yes[0], Hears.ENDS)
    assert less and isinstance(less[1], SubscriptionThinned) and less[1].hears is Hears.ENDS
    assert thinned(less[0], Hears.ENDS) is None
    after, last = ended(less[0])
    assert [each.version for each in (made, yes[0], less[0], after)] == [1, 2, 3, 4]
    for event in (first, yes[1], less[1], last):
        sent = encode(Envelope("linli/intake", "n1", 1, NOON, "n1", event)).value.decode()
        assert "residents.example" not in sent and "0A1B2C3D4E5F" not in sent


def test_nothing_is_kept_without_consent_or_of_what_is_no_mailbox() -> None:
    with pytest.raises(Problem) as refused:
        asked(NEW.model_copy(update={"consents": False}), "n1", "c", NOON)
    assert refused.value.status == 422
    with pytest.raises(ValidationError):
        asked(NEW.model_copy(update={"email": "nobody"}), "n1", "c", NOON)
