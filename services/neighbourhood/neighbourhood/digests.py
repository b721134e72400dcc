"""The hash of what people read, so that everybody can see whether it is still the same."""

import hashlib
import json
from collections.abc import Iterable

from pydantic import BaseModel


def digest_of(records: Iterable[BaseModel]) -> str:
    """SHA-256, in hex, of the records' canonical JSON. Another order is another text.

    What is None is left out, so a field that a later version of Linli adds does not change what was frozen before it.
    """
    written = [each.model_dump(mode="json", exclude_none=True) for each in records]
    text = json.dumps(written, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
