"""Server time of the overview and the KPI page on a published file, against the plain query that a page without
published values would have to ask for one of its lines.

    python -m benchmarks.pages [--data FOLDER]

First: the first run of a page in a fresh process, caches cold but libraries loaded. Again: the median of five further
runs with the caches of a visited publication. Plain query: weekly late share of payables by unit from the mart.
"""

from __future__ import annotations

import argparse
import logging
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = {"overview": {}, "kpi": {"kpi": "days_to_pay"}}
PLAIN_QUERY = """
    select date_trunc('week', effective_due_date) as week, business_unit, avg(is_late::int) as late, count(*) as due
    from marts.fct_payables where is_due group by all order by week, business_unit
"""


def seconds(action: Callable[[], object]) -> float:
    """Wall time of one call."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("RETAGUARDA_DATA", "data")))
    data = parser.parse_args().data.resolve()
    os.environ["RETAGUARDA_DATA"] = str(data)
    os.chdir(ROOT)

    from streamlit.testing.v1 import AppTest

    from dashboard.published import current

    logging.disable(logging.WARNING)  # a page outside a server says so at every run
    publication = current(data)
    payables = publication.fetch("select count(*) from marts.fct_payables").item()
    publication.fetch("select 1")
    plain = statistics.median(seconds(lambda: publication.fetch(PLAIN_QUERY)) for _ in range(3))
    print(f"{payables:,} payables; plain query on the mart: {plain * 1000:.0f} ms")
    for name, parameters in PAGES.items():

        def visit(page: str = name, chosen: dict[str, str] = parameters) -> None:
            app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=120)
            app.query_params.update({"lang": "en", **chosen})
            app.switch_page(f"app_pages/{page}.py")
            app.run()
            if app.exception:
                raise SystemExit(str(app.exception))

        first = seconds(visit)
        again = statistics.median(seconds(visit) for _ in range(5))
        print(
            f"{name}: first {first * 1000:.0f} ms, again {again * 1000:.0f} ms;"
            f" first / plain query {first / plain:.2f}, again / plain query {again / plain:.2f}"
        )


if __name__ == "__main__":
    main()
