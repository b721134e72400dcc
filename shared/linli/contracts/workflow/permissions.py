"""Workflow's permissions, and the roles that have them."""

from linli.security.permissions import AUDITOR, OPERATOR, PARTY, RESIDENT, SERVICE, Permission

TRACK = Permission("cases:track", RESIDENT, PARTY, OPERATOR, AUDITOR, SERVICE, by_code=True, with_a_submission=True)
"""With the tracking code alone."""
FOLLOW_UP = Permission("cases:follow-up", RESIDENT, PARTY, OPERATOR, SERVICE, by_code=True, with_a_submission=True)
"""Say how it was; with the tracking code alone."""
ADD_WORDS = Permission("cases:add", RESIDENT, PARTY, OPERATOR, SERVICE, by_code=True, with_a_submission=True)
"""Add what there is to say besides; with the tracking code alone."""
READ_CASES = Permission("cases:read", PARTY, OPERATOR, AUDITOR, recorded=False)
LOOK_UP_CASES = Permission("cases:lookup", OPERATOR, recorded=False)
READ_EVIDENCE = Permission("cases:photos", PARTY, OPERATOR, AUDITOR)
"""See a photo that was added to a case; the list of them is part of the case."""
ACT = Permission("cases:act", PARTY, OPERATOR)
"""Accept, return, progress, resolve, pause, resume, note, add photos as evidence."""
DECIDE = Permission("cases:decide", PARTY, OPERATOR)
"""Reassign, send back, close, reopen, merge, unmerge, split; write down a follow-up by telephone."""
READ_STATS = Permission("stats:read", OPERATOR, AUDITOR, recorded=False)
TRY_POLICIES = Permission("policies:try", OPERATOR, AUDITOR)
READ_COMMUNITIES = Permission("communities:read", PARTY, OPERATOR, AUDITOR, recorded=False)
PUBLISH_COMMUNITIES = Permission("communities:publish", OPERATOR)
CHANGE_KEYS = Permission("keys:change", OPERATOR)
ASK_WHAT_ENDED = Permission("cases:ended", SERVICE, recorded=False)
CONFIRM_KEYS = Permission("keys:confirm", SERVICE, recorded=False)
"""Whether a key still counts: intake and notify ask workflow before they give personal data out."""
READ_SERVICES = Permission(
    "services:read", RESIDENT, PARTY, OPERATOR, AUDITOR, SERVICE, recorded=False, with_a_submission=True
)
"""Which communities take submissions, and what each offers."""
READ_REQUESTS = Permission(
    "requests:read", RESIDENT, PARTY, OPERATOR, AUDITOR, SERVICE, recorded=False, with_a_submission=True
)
"""What is public of cases: nobody's words, but those that came in over Open311, for who submits there."""
COMMENT_REQUESTS = Permission("requests:comment", SERVICE, with_a_submission=True)
"""Add what a reporter says, through the program that they submitted with."""
CHANGE_PARTNERS = Permission("partners:change", OPERATOR)
"""Add partners: parties with a system of their own."""
READ_PARTNER_CREDENTIALS = Permission("partners:credentials", OPERATOR, personal=True)
"""A partner's password on Kafka."""
APPLY_PARTNERS = Permission("partners:apply", SERVICE, recorded=False)
"""Make the broker's users and rights as they should be, and say that it is done."""
READ_PARTNERS = Permission("partners:read", OPERATOR, AUDITOR, recorded=False)
WATCH_PARTNERS = Permission("partners:watch", SERVICE, recorded=False)
"""Notify asks who the partners are, and who of them is silent."""
READ_ORDERS = Permission("orders:read", PARTY, OPERATOR, AUDITOR, recorded=False)
"""A partner sees its own orders."""
UPDATE_ORDERS = Permission("orders:update", PARTY)
"""Say what became of an order."""
REPORT_OUTAGES = Permission("outages:report", PARTY, OPERATOR)
"""Declare outages and say what becomes of them: a partner its own, an operator in the name of one."""
READ_OUTAGES = Permission("outages:read", RESIDENT, PARTY, OPERATOR, AUDITOR, SERVICE, recorded=False)
"""Which there are, where, until when."""
FOLLOW_OUTAGES = Permission("outages:follow", PARTY, OPERATOR, AUDITOR, recorded=False)
"""How many reports follow one; a partner of its own."""
FOLLOW_CHANGES = Permission("changes:follow", RESIDENT, PARTY, OPERATOR, AUDITOR, SERVICE, recorded=False)
"""That something has changed, and nothing of what: for pages that are shown."""
CALL_FROM_ORDERS = Permission("orders:contact", PARTY, personal=True)
"""See how the reporter of one's order is reached, while one has it and it says that this is needed."""
SEND_ORDER_PHOTOS = Permission("orders:photos", RESIDENT, PARTY, OPERATOR, SERVICE, by_code=True)
"""By a link that was made for one order: whoever is at the place has no key."""
MEDIATE = Permission("mediations:act", PARTY, OPERATOR)
"""Take a dispute to mediation, appoint mediators, call sessions, draft an agreement, write down what was signed."""
READ_MEDIATIONS = Permission("mediations:read", PARTY, OPERATOR, AUDITOR)
"""Who takes part in a mediation, when they meet, what is agreed; nobody's statements."""
READ_STATEMENTS = Permission("mediations:statements", PARTY, personal=True)
"""What was said in a mediation: for a party that mediates in it, or that it concerns, and for nobody else."""
COUNT_MEDIATIONS = Permission("mediations:count", PARTY, OPERATOR, AUDITOR, recorded=False)
"""How mediations end, by kind, without persons."""
TAKE_PART = Permission("mediations:take-part", RESIDENT, PARTY, OPERATOR, SERVICE, by_code=True, with_a_submission=True)
"""See a mediation, say what there is to say, sign or decline; with one's code alone."""
CHANGE_MEDIATORS = Permission("mediators:change", PARTY, OPERATOR)
"""Keep the list of volunteers who mediate."""
READ_MEDIATORS = Permission("mediators:read", PARTY, OPERATOR, AUDITOR)
