"""Notify's permissions, and the roles that have them."""

from linli.security.permissions import AUDITOR, OPERATOR, Permission

READ_DELIVERIES = Permission("deliveries:read", OPERATOR, AUDITOR, recorded=False)
RETRY_DELIVERIES = Permission("deliveries:retry", OPERATOR)
READ_WEBHOOK_SECRETS = Permission("webhooks:secret", OPERATOR, personal=True)
