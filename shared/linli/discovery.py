"""Finding what is declared in the modules of a package, so that nobody keeps a list of them."""

import pkgutil
from functools import cache
from importlib import import_module


@cache
def import_all(package: str) -> tuple[str, ...]:
    """Import every module below a package, once; their names."""
    path = import_module(package).__path__
    names = tuple(found.name for found in pkgutil.walk_packages(path, f"{package}."))
    for name in names:
        import_module(name)
    return names
