"""Permissions of what the portal shows of a deployment. The services say who has them: the portal knows no key."""

from linli.security.permissions import AUDITOR, OPERATOR, Permission

READ_TOPOLOGY = Permission("topology:read", OPERATOR, AUDITOR, recorded=False)
"""What flows where, what is amiss, and which way a case's events took; nobody's words."""
JUDGE_FINDINGS = Permission("topology:judge", OPERATOR, recorded=False)
"""Acknowledge and mute what was found amiss; each finding says by whom."""
