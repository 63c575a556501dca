"""Statements at once: a heavy one does not hold up the others, a cancelled one ends at once, and children are renewed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from sandbox.limits import Cancelled, Limits, Refused, TooLarge, TooSlow
from sandbox.pool import Pool

ENDLESS = "select count(*) from range(10000000) a, range(10000000) b"
LIMITS = Limits(seconds=60, memory_mebibytes=256, threads=1)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("pool") / "published.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create table words as select 'published' as word")
    return file


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool(warm=2, at_once=2)
    made.prepare()
    yield made
    made.close()


def test_an_answer_comes_while_a_heavy_statement_runs(pool: Pool, path: Path) -> None:
    heavy = pool.start(path, ENDLESS, LIMITS)
    quick = pool.start(path, "select * from words", LIMITS)
    assert quick.result().frame["word"].to_list() == ["published"]
    assert not heavy.is_done
    heavy.cancel()
    with pytest.raises(Cancelled):
        heavy.result()


def test_a_cancelled_statement_ends_at_once(pool: Pool, path: Path) -> None:
    heavy = pool.start(path, ENDLESS, LIMITS)
    until = time.monotonic() + 30
    while heavy.is_waiting and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.5)
    began = time.monotonic()
    heavy.cancel()
    assert heavy.wait(10)
    assert time.monotonic() - began < 5
    heavy.cancel()  # once more does no harm


def test_more_than_may_run_wait_their_turn_and_can_be_cancelled_there(pool: Pool, path: Path) -> None:
    heavy = [pool.start(path, ENDLESS, LIMITS) for _ in range(2)]
    time.sleep(0.3)
    third = pool.start(path, "select 1 as one", LIMITS)
    fourth = pool.start(path, "select 1 as one", LIMITS)
    assert not third.wait(1)
    assert third.is_waiting
    third.cancel()
    with pytest.raises(Cancelled):
        third.result()
    heavy[0].cancel()
    assert fourth.result().frame["one"].to_list() == [1]
    heavy[1].cancel()


def test_a_child_that_died_is_replaced(pool: Pool, path: Path) -> None:
    with pytest.raises(TooLarge):
        pool.start(path, "select length(repeat('x', 4000000000))", LIMITS).result()
    with pytest.raises(TooSlow):
        pool.start(path, ENDLESS, Limits(seconds=1, memory_mebibytes=256, threads=1)).result()
    with pytest.raises(Refused, match="does not exist"):
        pool.start(path, "select * from nothing", LIMITS).result()
    for child in pool._idle:
        child.kill()
        child._process.wait()
    assert pool.start(path, "select 1 as one", LIMITS).result().frame["one"].to_list() == [1]


def test_children_end_with_their_parent() -> None:
    parent = """
import os
from sandbox.pool import Pool
pool = Pool()
pool.prepare()
print(*[child._process.pid for child in pool._idle], flush=True)
os.kill(os.getpid(), 9)
"""
    ended = subprocess.run([sys.executable, "-c", parent], capture_output=True, text=True, check=False)
    children = [int(word) for word in ended.stdout.split()]
    assert len(children) == 2
    until = time.monotonic() + 60
    while any(_is_running(child) for child in children):
        assert time.monotonic() < until, "a child has outlived its parent"
        time.sleep(0.2)


def _is_running(process: int) -> bool:
    status = Path(f"/proc/{process}/stat")
    try:
        return status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
