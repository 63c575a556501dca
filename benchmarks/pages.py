"""Server time of every page on a published file, over the websocket of a real server.

    python -m benchmarks.pages [--data FOLDER] [--visits 40]

One reader goes through overview, the area pages and the KPI page of a KPI of each area, with another business unit and
grain every time, so that visits meet caches that know the page and caches that do not. Told are the first visit in a
fresh process, median and p95 of all, and the slowest. Baseline in the same run: the plain query that a page without
published values would have to ask for one of its lines (weekly late share of payables by unit, from the mart).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import duckdb

from benchmarks.sessions import HOME, Visit, opened, percentile, serving

AIM = 0.150
GRAINS = ("week", "month", "quarter")
FACTS = ("fct_payables", "fct_journal_entries", "fct_order_lines", "fct_shipment_lines", "fct_receivables")
PLAIN_QUERY = """
    select date_trunc('week', effective_due_date) as week, business_unit, avg(is_late::int) as late, count(*) as due
    from marts.fct_payables where is_due group by all order by week, business_unit
"""


def published(data: Path) -> Path:
    """The published file of a data folder."""
    return data / "serving" / (data / "serving" / "current").read_text(encoding="utf-8").strip()


def asked(data: Path) -> tuple[int, float, list[str], dict[str, str]]:
    """Fact rows, seconds of the plain query, business units, and a KPI of each area that has values."""
    with duckdb.connect(str(published(data)), read_only=True, config={"threads": 2}) as connection:
        there = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
        facts = sum(
            connection.execute(f"select count(*) from marts.{name}").fetchall()[0][0] for name in FACTS if name in there
        )
        units = connection.execute("select business_unit from marts.dim_business_units order by 1").fetchall()
        kpis = connection.execute(
            "select c.area, min_by(c.name, c.position) from kpi.catalogue as c"
            " where exists (from kpi.kpi_values as v where v.kpi = c.name and v.value is not null) group by 1"
        ).fetchall()
        times = []
        for _ in range(4):
            began = time.perf_counter()
            connection.execute(PLAIN_QUERY).fetchall()
            times.append(time.perf_counter() - began)
    return facts, statistics.median(times[1:]), [unit for (unit,) in units], dict(kpis)


def ways(units: list[str]) -> Iterator[dict[str, str]]:
    """Parameters of visits: every unit with every grain, over and over."""
    pairs = [(unit, grain) for grain in GRAINS for unit in ("all", *units)]
    for unit, grain in cycle(pairs):
        yield {
            "lang": "en",
            **({} if unit == "all" else {"unit": unit}),
            **({} if grain == "week" else {"grain": grain}),
        }


async def visits_of(
    address: str, pages: list[tuple[str, dict[str, str]]], units: list[str], count: int
) -> list[list[Visit]]:
    """`count` visits of each page, the pages in turn."""
    reader = await opened(address)
    found: list[list[Visit]] = [[] for _ in pages]
    await reader.visit(HOME, {"lang": "pt-BR"})
    for parameters in islice(ways(units), count):
        for number, (page, own) in enumerate(pages):
            found[number].append(await reader.visit(page, {**parameters, **own}))
            await asyncio.sleep(0.02)
    await reader.socket.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("RETAGUARDA_DATA", "data")))
    parser.add_argument("--visits", type=int, default=40)
    arguments = parser.parse_args()
    facts, plain, units, kpis = asked(arguments.data)
    print(f"{facts:,} fact rows; plain query on the mart: {plain * 1000:.0f} ms; aim: p95 {AIM * 1000:.0f} ms")
    pages = [(HOME, {}), *((area, {}) for area in kpis), *(("kpi", {"kpi": kpi}) for kpi in kpis.values())]
    with serving(arguments.data.resolve()) as server:
        before = server.processor()
        found = asyncio.run(visits_of(server.address, pages, units, arguments.visits))
        used = server.processor() - before
    beyond = 0
    for (page, own), visits in zip(pages, found, strict=True):
        seconds = [visit.seconds for visit in visits]
        p95 = percentile(seconds, 0.95)
        beyond += p95 > AIM
        errors = {error for visit in visits for error in visit.errors}
        print(
            f"{page + ''.join(f' {value}' for value in own.values()):34s} first {seconds[0] * 1000:5.0f}"
            f"  median {statistics.median(seconds) * 1000:5.0f}  p95 {p95 * 1000:5.0f}  slowest {max(seconds) * 1000:5.0f} ms"
            f"  {p95 / plain:5.2f} × plain  {statistics.median(visit.elements for visit in visits):4.0f} elements"
            f"  {statistics.median(visit.bytes for visit in visits) / 1024:5.0f} KiB"
            + ("  ERROR " + "; ".join(errors) if errors else "")
        )
    whole = [visit.seconds for visits in found for visit in visits]
    print(f"all: median {statistics.median(whole) * 1000:.0f}, p95 {percentile(whole, 0.95) * 1000:.0f} ms; "
          f"{beyond} of {len(pages)} pages beyond the aim; {used / len(whole) * 1000:.0f} ms of processor a visit")  # fmt: skip


if __name__ == "__main__":
    main()
