"""Whether the frozen weeks on the disk are what they were: asked of `retaguarda verify`, once for each state of the files."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from dashboard import command
from dashboard.published import Publication, data_folder
from dashboard.reports.frozen import files_of_weeks

REPORTING = (0, 1)  # exit codes: all as frozen, or something is not
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Discrepancy:
    """One thing that is not as it was frozen; `message` is the command's own sentence."""

    week: str
    file: str
    problem: str
    message: str


class Unchecked(Exception):
    """The weeks could not be checked. The message says why."""


def discrepancies(publication: Publication) -> Sequence[Discrepancy]:
    """What is wrong with the frozen weeks; nothing is wrong with an empty answer. Raises Unchecked.

    Takes two seconds after files have changed, and nothing afterwards.
    """
    found = files_of_weeks(data_folder())
    with _one_at_a_time:
        return _checked(publication.key, found)


@lru_cache(maxsize=8)
def _checked(_publication: str, _files: tuple[tuple[str, int, int], ...]) -> tuple[Discrepancy, ...]:
    answer = command.run("verify", reporting=REPORTING)
    if answer.content is None:
        raise Unchecked(answer.message)
    return tuple(Discrepancy(**one) for one in answer.content["discrepancies"])
