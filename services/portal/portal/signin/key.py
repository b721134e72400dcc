"""What may be a key or a token at all."""

MOST_LETTERS = 8_192
"""As long as the services take a token."""


def is_like_a_key(said: str) -> bool:
    """Whether it is worth asking workflow: a header's value, without spaces."""
    return 0 < len(said) <= MOST_LETTERS and said.isascii() and said.isprintable() and " " not in said
