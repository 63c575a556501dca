"""The other end of `dbt_process`: dbt in a process of its own, that does one run after another.

Standard input has a list of dbt's arguments a line; standard output gets a JSON object a line: `{"node", "index",
"total"}` when a node has ended, `{"error"}` when something went wrong, `{"ended": exit code}` after each run. The
project is parsed once, before the first run, without the variables and paths of this build: what it says does not depend
on them, and dbt can then go on from what it parsed for another moment or another data folder. Between runs the database
is closed, so that others may open it.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path
from typing import Any

FINISHED_EVENTS = frozenset(
    {"LogModelResult", "LogTestResult", "LogSeedResult", "LogSnapshotResult", "LogNodeResult", "LogUnitTestResult"}
)
# dbt makes thousands of small objects that live until its end: Python's own rhythm would look through them all again
# and again.
GARBAGE_EVERY = 200_000
# Of the paths only the name counts while parsing: it is the database's name in every reference.
PATHS = ("RETAGUARDA_BUILD", "RETAGUARDA_RAW")


def main() -> None:
    """Serve runs until standard input ends."""
    # What dbt or a library prints goes where errors go, so that lines of ours stay whole.
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    gc.set_threshold(GARBAGE_EVERY, 20, 100)

    def say(**content: Any) -> None:
        lines.write(json.dumps(content, ensure_ascii=False) + "\n")

    def tell(event: Any) -> None:
        if event.info.name in FINISHED_EVENTS:
            data = event.data
            total = getattr(data, "total", 0) or getattr(data, "num_models", 0)
            say(node=data.node_info.node_name, index=int(getattr(data, "index", 0)), total=int(total))
        elif event.info.level == "error" and event.info.msg.strip():
            say(error=event.info.msg.strip())

    from dbt.cli.main import dbtRunner

    runner: Any = dbtRunner(callbacks=[tell])
    for line in sys.stdin:
        command, *options = json.loads(line)
        if runner.manifest is None:
            parsed = parse(runner, options[: options.index("--")])
            if not parsed.success:
                say(error=str(parsed.exception or ""))
                say(ended=2)
                continue
            runner.manifest = parsed.result
        options.remove("--")
        done = runner.invoke([command, *options])
        close_database()
        if done.exception is not None:
            say(error=str(done.exception))
        say(ended=0 if done.success else 2 if done.exception is not None else 1)


def parse(runner: Any, options: list[str]) -> Any:
    """Read the project, as if the databases lay in the working folder."""
    paths = {name: os.environ[name] for name in PATHS if name in os.environ}
    os.environ.update({name: Path(path).name for name, path in paths.items()})
    try:
        return runner.invoke(["parse", "--no-write-json", *options])
    finally:
        os.environ.update(paths)


def close_database() -> None:
    """Let go of the file that dbt has built; in a process that lives on, dbt-duckdb keeps it open."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    environment: Any = DuckDBConnectionManager._ENV
    if environment is not None:
        environment.close()


if __name__ == "__main__":
    main()
