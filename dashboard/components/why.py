"""Why did it change."""

from __future__ import annotations


def why_did_it_change(*_arguments: object) -> None:
    """Not drawn yet."""
