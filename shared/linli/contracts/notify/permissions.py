"""What may be asked of notify, and by whom."""

from linli.security.permissions import AUDITOR, OPERATOR, Permission

READ_DELIVERIES = Permission("deliveries:read", OPERATOR, AUDITOR, recorded=False)
RETRY_DELIVERIES = Permission("deliveries:retry", OPERATOR)
READ_WEBHOOK_SECRETS = Permission("webhooks:secret", OPERATOR, personal=True)
