"""One SQL statement of an analyst against the published file, in a child process that cannot do harm.

The file is opened read-only, without access to other files or the network, with its settings locked. DuckDB has no
statement timeout, and some functions ignore its memory limit: so the child gets a limit of address space, and is
killed when its time is over.
"""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
from pathlib import Path

import polars as pl

from pipeline.failures import Failure

MEBIBYTE = 1024 * 1024
# The libraries themselves map about one gibibyte of address space before the query starts.
LIBRARIES_MEBIBYTES = 2048
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
    "threads": "2",
}


def run_sandboxed(
    path: Path, statement: str, *, timeout_seconds: float = 60, memory_mebibytes: int = 2048
) -> pl.DataFrame:
    """The result of one statement. Raises Failure with DuckDB's message, or when time or memory ran out."""
    request = json.dumps({"path": str(path), "statement": statement, "memory_mebibytes": memory_mebibytes})
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "pipeline.sandbox"],
            input=request.encode(),
            capture_output=True,
            timeout=timeout_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Failure(
            f"The query took longer than {timeout_seconds:g} seconds and was stopped.",
            "Ask for fewer rows, or give it more time with --timeout.",
        ) from error
    if ended.returncode == 0:
        return pl.read_ipc_stream(io.BytesIO(ended.stdout))
    message = ended.stderr.decode(errors="replace").strip().splitlines()
    if ended.returncode == 1 and message:
        raise Failure("\n".join(message), "The tables are listed in docs/published-schemas.md.")
    raise Failure(
        f"The query needed more memory than {memory_mebibytes} MiB and was stopped.",
        "Ask for fewer rows, or give it more with --memory.",
    )


def main() -> None:
    """The child: reads the request, answers with an Arrow stream on standard output."""
    request = json.loads(sys.stdin.buffer.read())
    import duckdb

    limit = request["memory_mebibytes"]
    resource.setrlimit(resource.RLIMIT_AS, ((limit + LIBRARIES_MEBIBYTES) * MEBIBYTE,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        settings = SETTINGS | {"memory_limit": f"{limit}MiB"}
        connection = duckdb.connect(request["path"], read_only=True, config=settings)
        connection.execute("set lock_configuration = true")
        statements = connection.extract_statements(request["statement"])
        if len(statements) != 1:
            sys.exit(f"Give one statement, not {len(statements)}.")
        relation = connection.sql(statements[0])
        frame = pl.DataFrame() if relation is None else relation.pl()
    except MemoryError:
        sys.exit(9)
    except duckdb.OutOfMemoryException:
        sys.exit(9)
    except duckdb.Error as error:
        sys.exit(str(error))
    frame.write_ipc_stream(sys.stdout.buffer)


if __name__ == "__main__":
    main()
