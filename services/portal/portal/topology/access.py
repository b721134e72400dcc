"""Who may look and who may judge: workflow says, since the portal knows no key."""

from fastapi import Request

from linli.security.permissions import Permission
from linli.web.localized import Localized
from linli.web.problems import Problem
from linli.web.tracing import traceparent
from portal.services import Caller, Services


async def allowed(request: Request, services: Services, permission: Permission) -> tuple[Caller, str]:
    """Whoever asks, and what workflow calls them. Raises 401, 403, or 503 while workflow does not say."""
    caller = _caller(request)
    if caller.key is None:
        detail = Localized("This needs a key: Authorization: Bearer <key>.", "需要密钥：Authorization: Bearer <密钥>。")
        raise Problem("unauthorised", 401, detail, headers={"WWW-Authenticate": 'Bearer realm="linli"'})
    said = await services.read("/v1/whoami", caller)
    if permission not in said["permissions"]:
        raise Problem(
            "forbidden",
            403,
            Localized(
                "A key with role {role} and its scopes does not allow {permission}.",
                "角色为 {role} 的这个密钥没有权限 {permission}。",
                role=said["role"],
                permission=permission,
            ),
        )
    return caller, str(said["id"])


def _caller(request: Request) -> Caller:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    origin: str = request.app.state.gate.origins.of(request)
    known = key.strip() if scheme.lower() == "bearer" else ""
    return Caller(known or None, origin, traceparent(request.headers))
