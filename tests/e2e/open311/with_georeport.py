"""Speaks to a portal by `georeport`, in JSON and in XML, and prints what it got: `with_georeport.py URL ID`."""

import json
import sys
from typing import Any

from georeport import GeoReport


def main(url: str, id: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for form in ("json", "xml"):
        client = GeoReport(url, jurisdiction="test", output_format=form)
        services = client.get_service_list()
        found[form] = {
            "services": [service["service_name"] for service in services],
            "definition": client.get_service_definition(services[0]["service_code"])["service_code"],
            "requests": [each["service_request_id"] for each in client.get_service_requests(status="open,closed")],
            "named": client.get_service_requests(service_request_id=id),
            "request": client.get_service_request(id),
        }
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])))
