"""What others wrote and the pages use: from npm packages, each file as its package has it.

`python -m portal.pages.vendored` compares the files with `vendor/manifest.toml`, which says package, version, licence
and SHA-256; with `--fetch` it takes them anew from the packages, by `npm pack`. To take another version: change it in
the manifest, fetch, look at what has changed, and write the new sums with `--sums`.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).parent / "static" / "vendor"
MANIFEST = VENDOR / "manifest.toml"


@dataclass(frozen=True, slots=True)
class Vendored:
    """One file of a package."""

    package: str
    version: str
    licence: str
    there: str
    """Its path in the package."""
    here: Path
    sha256: str


def vendored() -> Iterator[Vendored]:
    """All that the manifest names."""
    for package in tomllib.loads(MANIFEST.read_text())["packages"]:
        for file in package["files"]:
            here = VENDOR / package["folder"] / file.get("here", Path(file["there"]).name)
            yield Vendored(
                package["name"], package["version"], package["licence"], file["there"], here, file.get("sha256", "")
            )


def faults() -> list[str]:
    """What is not as the manifest says: a file that is missing, changed, or not named."""
    named = {each.here: each for each in vendored()}
    found = {path for path in VENDOR.rglob("*") if path.is_file()} - {MANIFEST}
    wrong = [f"{path.relative_to(VENDOR)} is not in the manifest" for path in sorted(found - named.keys())]
    for path, each in named.items():
        if path not in found:
            wrong.append(f"{path.relative_to(VENDOR)} is missing")
        elif _sum(path.read_bytes()) != each.sha256:
            wrong.append(f"{path.relative_to(VENDOR)} is not what {each.package} {each.version} has")
    return wrong


def fetch() -> None:
    """Take each file from its package. Raises CalledProcessError, and KeyError where a package lacks it."""
    with tempfile.TemporaryDirectory() as folder:
        packed: dict[str, Path] = {}
        for each in vendored():
            name = f"{each.package}@{each.version}"
            if name not in packed:
                said = subprocess.run(
                    [_npm(), "pack", "--silent", name], cwd=folder, check=True, capture_output=True, text=True
                )
                packed[name] = Path(folder) / said.stdout.split()[-1]
            with tarfile.open(packed[name]) as archive:
                content = archive.extractfile(f"package/{each.there}")
                assert content is not None
                each.here.parent.mkdir(parents=True, exist_ok=True)
                each.here.write_bytes(content.read())


def _npm() -> str:
    """Raises FileNotFoundError where there is none."""
    if (found := shutil.which("npm")) is None:
        raise FileNotFoundError("npm is missing: it fetches packages")
    return found


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main() -> None:
    """`python -m portal.pages.vendored [--fetch] [--sums]`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fetch", action="store_true", help="take the files from their packages, by npm")
    parser.add_argument("--sums", action="store_true", help="write the SHA-256 of what is there into the manifest")
    asked = parser.parse_args()
    if asked.fetch:
        fetch()
    if asked.sums:
        text = MANIFEST.read_text()
        for each in vendored():
            text = text.replace(
                f'there = "{each.there}", sha256 = "{each.sha256}"',
                f'there = "{each.there}", sha256 = "{_sum(each.here.read_bytes())}"',
            )
        MANIFEST.write_text(text)
    if wrong := faults():
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
