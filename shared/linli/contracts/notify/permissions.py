"""Notify's permissions, and the roles that have them."""

from linli.security.permissions import AUDITOR, OPERATOR, PARTY, SERVICE, Permission

READ_DELIVERIES = Permission("deliveries:read", OPERATOR, AUDITOR, recorded=False)
RETRY_DELIVERIES = Permission("deliveries:retry", OPERATOR)
READ_WEBHOOK_SECRETS = Permission("webhooks:secret", OPERATOR, personal=True)
READ_PARTNER_EVENTS = Permission("events:read", PARTY, recorded=False)
"""A partner fetches its orders and receipts."""
READ_ENDPOINTS = Permission("endpoints:read", OPERATOR, AUDITOR, recorded=False)
CHANGE_ENDPOINTS = Permission("endpoints:change", OPERATOR)
"""Say where a partner's events are posted, and have some posted again."""
REPORT_GROUPS = Permission("groups:report", SERVICE, recorded=False)
"""Say how far partners' consumer groups have read: whoever administers the broker does."""
