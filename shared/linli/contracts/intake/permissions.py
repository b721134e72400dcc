"""Intake's permissions, and the roles that have them."""

from linli.security.permissions import AUDITOR, OPERATOR, PARTY, RESIDENT, SERVICE, Permission

SUBMIT = Permission(
    "submissions:submit", RESIDENT, PARTY, OPERATOR, SERVICE, with_a_submission=True, share="submissions"
)
SUBMIT_FOR_OTHERS = Permission("submissions:import", OPERATOR, SERVICE, with_a_submission=True)
"""In batches, through channels other than the web, with an outside id or time: as the hotline does."""
AMEND = Permission("submissions:amend", RESIDENT, PARTY, OPERATOR, SERVICE, with_a_submission=True)
"""Withdraw, add photos; with the tracking code."""
AMEND_ANY = Permission("submissions:amend-any", OPERATOR, personal=True)
"""The same without a code."""
READ_PHOTOS = Permission(
    "submissions:photos", RESIDENT, PARTY, OPERATOR, AUDITOR, SERVICE, personal=True, with_a_submission=True
)
"""With the tracking code; who may read submissions needs none."""
FORWARD_PHOTOS = Permission("photos:forward", SERVICE)
"""See the reporters' photos for who is responsible, as workflow does after it has asked whether they may."""
READ_SUBMISSIONS = Permission("submissions:read", OPERATOR, AUDITOR, personal=True)
SUBSCRIBE = Permission("bulletins:subscribe", RESIDENT, PARTY, OPERATOR, SERVICE, share="submissions")
"""Have a mailbox' owner asked whether a neighbourhood's bulletins are welcome."""
KEEP_SUBSCRIPTION = Permission("bulletins:keep", RESIDENT, PARTY, OPERATOR, SERVICE, by_code=True)
"""Confirm, thin and end it, with the code of the letter."""
READ_CONTACTS = Permission("contacts:read", SERVICE, reads=True, personal=True)
CALL_REPORTERS = Permission("contacts:call", OPERATOR, reads=True, personal=True)
"""See one reporter's contact in full, with the reason."""
EXPORT_RESIDENTS = Permission("residents:export", OPERATOR, reads=True, personal=True)
ERASE_RESIDENTS = Permission("residents:erase", OPERATOR, personal=True)
