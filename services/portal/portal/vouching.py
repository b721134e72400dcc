"""Tells a service for whom the portal asks, so that it believes it."""

import httpx2

from linli.application.settings import read_secret
from linli.web.vouching import HEADER, Voucher
from portal.settings import PortalSettings

FOR = "X-Forwarded-For"
"""Whom the portal asks for, as every proxy says it: believed where the portal's network is trusted."""


class Vouching:
    """A hook of the clients by which the portal asks: beside `X-Forwarded-For` it sends its word for that address."""

    def __init__(self, voucher: Voucher | None) -> None:
        self._voucher = voucher

    @classmethod
    def from_settings(cls, settings: PortalSettings) -> "Vouching":
        """Raises `SettingsError` when there is a file that cannot be read."""
        return cls(Voucher(read_secret(settings.portal_key_file)) if settings.portal_key_file else None)

    async def __call__(self, request: httpx2.Request) -> None:
        if self._voucher and (address := request.headers.get(FOR)):
            request.headers[HEADER] = self._voucher.said(address)
