"""Partners' passwords on Kafka: made of the installation's key, so that nothing has to keep them (ADR 0027)."""

import base64
import hmac


def password_of(key: str, username: str, generation: int) -> str:
    """The password that a user has in one generation: 256 bits, in letters that a URL may carry."""
    digest = hmac.digest(key.encode(), f"{username} {generation}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
