"""Numbers of things, in English."""


def counted(number: int, thing: str, things: str | None = None) -> str:
    """`1 row`, `2 rows`; `things` where the plural is not made with an s."""
    return f"{number} {thing if number == 1 else things or thing + 's'}"
