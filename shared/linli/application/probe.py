"""`python -m linli.application.probe PORT`: the health check of a service's container."""

import sys
import urllib.error
import urllib.request


def missing(port: int) -> str:
    """What the service says is missing; empty when it is ready. Answers within five seconds."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
            return ""
    except urllib.error.HTTPError as error:
        return error.read(4096).decode(errors="replace")
    except OSError as error:
        return str(error)


if __name__ == "__main__":
    sys.exit(missing(int(sys.argv[1])) or 0)
