"""The hash of what people read, so that everybody can see whether it is still the same."""

import hashlib
import json
from collections.abc import Iterable

from pydantic import BaseModel


def digest_of(records: Iterable[BaseModel]) -> str:
    """SHA-256, in hex, of the records' canonical JSON. Another order is another text."""
    written = [each.model_dump(mode="json") for each in records]
    text = json.dumps(written, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
