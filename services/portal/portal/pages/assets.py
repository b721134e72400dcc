"""Files that pages load: style, scripts, pictures. All from here, none from elsewhere."""

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FOR_EVER = "public, max-age=31536000, immutable"
"""An address has the sum of what it stands for."""
WORTH = 1_024
"""Bytes from which on a file is compressed."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, held in memory: all together have less than half a megabyte."""

    name: str
    media_type: str
    content: bytes
    compressed: bytes | None
    sum: str

    @classmethod
    def of(cls, name: str, content: bytes) -> "Asset":
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        text = kind.startswith("text/") or kind in {"image/svg+xml", "application/javascript"}
        compressed = gzip.compress(content, 9, mtime=0) if text and len(content) >= WORTH else None
        return cls(name, kind, content, compressed, hashlib.sha256(content).hexdigest()[:12])


class Assets:
    """The files of all faces, by name: `vendor/pico/pico.min.css`, `desk/desk.js`."""

    def __init__(self, folders: Sequence[tuple[str, Path]]) -> None:
        """Each folder under the first part of its files' names, which may be empty."""
        self._assets: Mapping[str, Asset] = {
            asset.name: asset for prefix, folder in folders for asset in _in(prefix, folder)
        }

    def find(self, name: str) -> Asset | None:
        return self._assets.get(name)

    def address(self, name: str) -> str:
        """Where a page finds it. Raises KeyError."""
        return f"/static/{name}?{self._assets[name].sum}"


def _in(prefix: str, folder: Path) -> list[Asset]:
    return [
        Asset.of(f"{prefix}{path.relative_to(folder).as_posix()}", path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".toml"
    ]
