"""Many readers at once, each a real websocket session, clicking from the overview to an area to a KPI and back.

    python -m benchmarks.readers [--data FOLDER] [--readers 50] [--think 10] [--minutes 2]

The readers are a process of their own. `--think` is the mean time between two clicks of one reader (each between half
and one and a half times that). Told are median, p95 and slowest answer from the click to the end of the page, errors,
and the server's memory before, with all readers there, and per reader. Baseline of the same run: the same path walked
by one reader alone.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import time
from pathlib import Path

from benchmarks.pages import asked
from benchmarks.sessions import HOME, Reader, Server, Visit, opened, percentile, serving

AIM = 1.0


def path_of(draw: random.Random, units: list[str], kpis: dict[str, str]) -> list[tuple[str, dict[str, str]]]:
    """One round: the overview, perhaps another unit or grain, an area, one of its KPIs, its months."""
    area = draw.choice(list(kpis))
    unit = {"unit": draw.choice(units)} if draw.random() < 0.4 else {}
    grain = {"grain": draw.choice(("month", "quarter"))} if draw.random() < 0.3 else {}
    steps = [(HOME, {}), (HOME, {**unit, **grain}), (area, unit), ("kpi", {"kpi": kpis[area], **unit})]
    steps.append(("kpi", {"kpi": kpis[area], "grain": "month"}))
    return steps


async def read(
    number: int, address: str, units: list[str], kpis: dict[str, str], think: float, until: float, arrival: float
) -> tuple[Reader, list[Visit]]:
    """One reader's visits until the time is over; the session stays open."""
    draw = random.Random(number)
    await asyncio.sleep(arrival * number)
    reader = await opened(address)
    visits: list[Visit] = []
    language = {"lang": draw.choice(("pt-BR", "en"))}
    while time.monotonic() < until:
        for page, parameters in path_of(draw, units, kpis):
            visits.append(await reader.visit(page, {**language, **parameters}))
            if think:
                await asyncio.sleep(draw.uniform(0.5, 1.5) * think)
            if time.monotonic() >= until:
                break
    return reader, visits


def told(words: str, visits: list[Visit]) -> float:
    """Print one line; returns the p95."""
    seconds = [visit.seconds for visit in visits]
    p95 = percentile(seconds, 0.95)
    errors = [error for visit in visits for error in visit.errors]
    print(
        f"{words}: {len(visits)} pages, median {statistics.median(seconds) * 1000:.0f}, p95 {p95 * 1000:.0f}, "
        f"slowest {max(seconds) * 1000:.0f} ms, {len(errors)} errors"
    )
    for error in sorted(set(errors)):
        print(f"  {error}")
    return p95


async def measure(server: Server, arguments: argparse.Namespace, units: list[str], kpis: dict[str, str]) -> None:
    """Walk alone, then together."""
    until = time.monotonic() + 15
    alone, visits = await read(-1, server.address, units, kpis, 0.0, until, 0.0)
    await alone.socket.close()
    baseline = told("one reader alone, without thinking", visits)
    before = server.memory()
    until = time.monotonic() + arguments.minutes * 60
    arrival = min(0.2, arguments.think / arguments.readers)
    found = await asyncio.gather(
        *(
            read(number, server.address, units, kpis, arguments.think, until, arrival)
            for number in range(arguments.readers)
        )
    )
    after = server.memory()
    p95 = told(
        f"{arguments.readers} readers, {arguments.think:g} s between clicks",
        [visit for _reader, visits in found for visit in visits],
    )
    print(f"p95 / p95 of one reader alone: {p95 / baseline:.1f}; aim {AIM * 1000:.0f} ms")
    print(
        f"memory: {before:.0f} MiB before, {after:.0f} MiB with all of them, "
        f"{(after - before) / arguments.readers:.1f} MiB a reader"
    )
    for reader, _visits in found:
        await reader.socket.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("RETAGUARDA_DATA", "data")))
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--think", type=float, default=10.0)
    parser.add_argument("--minutes", type=float, default=2.0)
    arguments = parser.parse_args()
    _facts, _plain, units, kpis = asked(arguments.data)
    with serving(arguments.data.resolve()) as server:
        asyncio.run(measure(server, arguments, units, kpis))


if __name__ == "__main__":
    main()
