"""Names like one that is not known, for messages."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from ingestion.contracts import fold

SUGGESTED = 3


def near_names(name: str, known: Iterable[str]) -> list[str]:
    """Those of the known names (`erp.payables`) that are like one, the nearest first; at most three."""
    names = sorted(known)
    short = {fold(full.partition(".")[2] or full): full for full in names}
    near = difflib.get_close_matches(name, names, n=SUGGESTED, cutoff=0.7)
    near += difflib.get_close_matches(fold(name), list(short), n=SUGGESTED, cutoff=0.5)
    return list(dict.fromkeys(short.get(one, one) for one in near))[:SUGGESTED]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The names like one that is not known, as a remedy; where to find them all when none is."""
    names = sorted(known)
    near = near_names(name, names)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    return (
        f"There are {len(names)}, such as {', '.join(names[:SUGGESTED])}: models/staging/ has a file for each system."
    )


def near_in_brackets(name: str, known: Iterable[str]) -> str:
    """The nearest name, to be put behind one that is not known; nothing where none is like it."""
    near = near_names(name, known)
    return f' (did you mean "{near[0]}"?)' if near else ""
