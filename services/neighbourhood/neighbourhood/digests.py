"""The hash of what people read, so that everybody can see whether it is still the same. SHA-256, in hex."""

import json
from collections.abc import Iterable
from hashlib import sha256

from pydantic import BaseModel


def digest_of_text(text: str) -> str:
    """Of a text as it is, to the character."""
    return sha256(text.encode()).hexdigest()


def digest_of_json(value: object) -> str:
    """Of a value's canonical JSON: keys in order, no spaces, Chinese as it is."""
    return digest_of_text(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def digest_of(records: Iterable[BaseModel]) -> str:
    """Of records. Another order is another text.

    What is None is left out, so a field that a later version of Linli adds does not change what was frozen before it.
    """
    return digest_of_json([each.model_dump(mode="json", exclude_none=True) for each in records])
