"""Damaged files, a fixed choice of them: no traceback, no hang, every row and cent accounted for (see mutations.py)."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from tests.ingestion import mutations

COUNT = int(os.environ.get("RETAGUARDA_MUTATIONS", "1500"))

pytestmark = pytest.mark.skipif(
    not mutations.REALDATA.is_dir(), reason=f"the real samples are not here ({mutations.REALDATA})"
)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(3))
def test_damaged_files_lose_nothing_and_break_nothing(part: int) -> None:
    count = COUNT // 3
    states: Counter[str] = Counter()
    failures = []
    for number, what, state, error in mutations.run(count, seed=2026, first=part * count):
        states[state] += 1
        if error is not None:
            failures.append(f"#{number} {what}\n{error}")
    assert not failures, "\n\n".join(failures[:3])
    # The run means nothing if all files are refused at the door.
    assert sum(number for state, number in states.items() if "loaded" in state) > count / 5, states
    assert states["rejected"] > count / 10, states


def test_every_reader_has_a_file_to_damage() -> None:
    suffixes = {seed.name.rpartition(".")[2].lower() for seed in mutations.seeds()}
    assert {"csv", "xlsx", "ofx", "xml", "ret", "txt", "parquet", "json", "ndjson", "gz", "zip"} <= suffixes
