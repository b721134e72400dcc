"""What the tests took from others is as its package has it, and named with version and licence."""

import hashlib
import tomllib
from pathlib import Path

VENDOR = Path(__file__).parents[1] / "browser" / "vendor"


def test_each_vendored_file_is_what_the_manifest_says_and_no_other_is_there() -> None:
    packages = tomllib.loads((VENDOR / "manifest.toml").read_text())["packages"]
    named = {file["here"]: file["sha256"] for package in packages for file in package["files"]}
    there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.iterdir()}
    there.pop("manifest.toml")
    assert there == named


def test_each_script_says_of_itself_the_version_that_the_manifest_names() -> None:
    for package in tomllib.loads((VENDOR / "manifest.toml").read_text())["packages"]:
        assert package["licence"]
        for file in package["files"]:
            if file["here"].endswith(".js"):
                assert f"v{package['version']}" in (VENDOR / file["here"]).read_text()[:100]
