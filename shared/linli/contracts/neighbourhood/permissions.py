"""Neighbourhood's permissions, and the roles that have them."""

from linli.security.permissions import AUDITOR, OPERATOR, PARTY, RESIDENT, SERVICE, Permission

READ_AFFAIRS = Permission("affairs:read", PARTY, OPERATOR, AUDITOR, recorded=False)
"""See how affairs stand, as staff do; nobody's name and nobody's choice is in it."""
HOLD_AFFAIRS = Permission("affairs:hold", PARTY, OPERATOR)
"""Lead rounds, plans, deliberations, votes, works and covenants: nodes of the tree."""
TAKE_PART = Permission("affairs:take-part", PARTY, OPERATOR)
"""Do what an affair asks of a party: build, supervise, sign, report an action done."""
KNOW_MEMBERS = Permission("members:know", PARTY, OPERATOR, personal=True)
"""Who sits in a task force, by name: read, said, taken away."""
HEAR_TALKS = Permission("talks:hear", PARTY, OPERATOR, personal=True)
"""What was said in a deliberation, word by word; and to take it away."""
READ_PUBLIC_AFFAIRS = Permission("affairs:public", RESIDENT, PARTY, OPERATOR, AUDITOR, SERVICE, recorded=False)
"""What hangs on the notice board."""
ANSWER_BY_CODE = Permission("affairs:answer", RESIDENT, PARTY, OPERATOR, SERVICE, by_code=True)
"""What a household or an owner does with the code of their letter: answer, vote, sign."""
KEEP_REGISTERS = Permission("registers:keep", PARTY, OPERATOR, personal=True)
"""Bring in who owns what, and put it right."""
READ_REGISTERS = Permission("registers:read", PARTY, OPERATOR, AUDITOR, personal=True)
"""Doors and names of owners."""
DELIVER_BALLOTS = Permission("ballots:deliver", PARTY, OPERATOR, personal=True)
"""Print ballots with their codes."""
COUNT_BALLOTS = Permission("ballots:count", PARTY, OPERATOR, personal=True)
"""Enter papers, put ballots aside, certify a count, see who chose what: tellers."""
INVITE_HOUSEHOLDS = Permission("households:invite", PARTY, OPERATOR, personal=True)
"""Print letters of a round, with each household's code."""
READ_HOUSEHOLDS = Permission("households:read", PARTY, OPERATOR, AUDITOR, personal=True)
"""Doors of a round's households, and which have answered."""
ENTER_SHEETS = Permission("households:enter", PARTY, OPERATOR, personal=True)
"""Enter what households wrote on paper, read it again, put it right, forget what they wrote."""
NAME_REPRESENTATIVES = Permission("representatives:name", PARTY, OPERATOR, personal=True)
"""Say who speaks for the residents on a site, give them their codes, forget them."""
SEE_SITE_PHOTOS = Permission("works:photos", PARTY, OPERATOR, AUDITOR)
"""Photos from a building site: people may be on them."""
