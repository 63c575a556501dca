"""The names by which contracts and mappings may know a file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

_NUMBERED = re.compile(r"\d+_(?=.)")


def export_names(file_name: str) -> tuple[str, ...]:
    """A file's own name, and that without the number that a file of quarantined rows has before it."""
    plain = _NUMBERED.sub("", file_name, count=1)
    return (file_name,) if plain == file_name else (file_name, plain)


def is_called(file_name: str, globs: Iterable[str]) -> bool:
    """Whether one of the globs fits one of the file's names, in any case."""
    return any(fnmatchcase(name.lower(), glob.lower()) for glob in globs for name in export_names(file_name))
