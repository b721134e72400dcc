"""Speaks to a portal by `three`, Code for America's client, and prints what it got: `with_three.py URL KEY`."""

import itertools
import json
import sys
import warnings
from typing import Any

warnings.simplefilter("ignore")  # it was written for Python 2
# The one name that it imports and Python 3 does not have; the rest of it is used as it was published.
itertools.ifilter = filter  # type: ignore[attr-defined]

from three import Three  # noqa: E402


def main(url: str, key: str) -> dict[str, Any]:
    client = Three(url, api_key=key, jurisdiction="test")
    services = client.services()
    lift = services[0]["service_code"]
    said = {"address": "东院3号楼", "name": "小明 王", "description": "电梯坏了", "lat": 36.1051, "long": 120.4051}
    (sent,) = client.post(lift, **said)
    with_photo = client.post(lift, **said, media=("photo.png", sys.stdin.buffer.read(), "image/png"))
    id = sent["service_request_id"]
    (shown,) = client.request(id, api_key=key)
    return {
        "discovery": client.discovery(),
        "services": services,
        "definition": client.services(lift),
        "sent": sent,
        "with_photo": with_photo,
        "token": client.token(id),
        "shown": shown,
        "newest": client.requests(lift, count=1),
        "between": len(client.requests(between=["01-01-2026", "12-31-2090"])),
        "unknown": client.request("none-such"),
        "refused": Three(url, api_key="wrong").post(lift, **said),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])))
