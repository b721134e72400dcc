"""A service that does nothing but answer: the stack's tests copy it into a package called as one of ours.

LINLI_STUB_FAILS names the stub that ends at once.
"""

import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

NAME = Path(__file__).parent.name
METRICS = f"""\
linli_consumer_lag{{group="linli.{NAME}",topic="linli.intake",partition="0"}} 3
linli_consumer_lag{{group="linli.{NAME}",topic="linli.intake",partition="1"}} 4
linli_outbox_unsent 2
linli_inbox_parked 1
"""


NOTHING_TO_APPLY = '{"items": []}'
"""What workflow answers to the process that keeps Kafka in line with partners."""


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        known = {"/readyz": "ready", "/metrics": METRICS, "/internal/v1/partner-access": NOTHING_TO_APPLY}
        found = known.get(self.path)
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write((found or "").encode())


def main() -> None:
    if sys.argv[1:] == ["migrate"]:
        return
    if os.environ.get("LINLI_STUB_FAILS") == NAME:
        sys.exit(f"{NAME} cannot find its notebook")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    port = int(os.environ[f"LINLI_{NAME.upper()}_PORT"])
    ThreadingHTTPServer((os.environ["LINLI_HOST"], port), Answers).serve_forever()


if __name__ == "__main__":
    main()
