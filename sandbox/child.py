"""The child: waits for one request on standard input, answers with an Arrow stream on standard output, and ends.

Run as a file in Python's isolated mode, without the environment of its parent. It imports nothing of ours, so that
it starts fast; the libraries are loaded while it waits. The published file is opened read-only; afterwards no file can
be opened at all, nothing can be reached over the network, and no setting can be changed. Some functions ignore DuckDB's
memory limit and its interrupts, so the system bounds the address space and the processor time; the parent kills
the child when its time is over.
"""

from __future__ import annotations

import io
import json
import math
import os
import resource
import sys
from typing import Any

import duckdb
import polars as pl

MEBIBYTE = 1024 * 1024
# The libraries themselves map about one gibibyte of address space before the query starts.
LIBRARIES_MEBIBYTES = 2048
OPEN_FILES = 64
NO_MEMORY, LONG_ANSWER = 9, 10  # exit codes
# What only asks. DESCRIBE, SUMMARIZE, SHOW, FROM, VALUES and WITH are SELECT to the parser.
QUESTIONS = ("SELECT", "EXPLAIN")
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
    "allow_persistent_secrets": "false",
    "secret_directory": "",
    # Without a folder for what does not fit into memory, nothing is ever written beside the published file.
    "temp_directory": "",
}


def main() -> None:
    """Read the request, answer, end."""
    line = sys.stdin.buffer.readline()
    if not line:
        return  # the parent has ended without a question
    request = json.loads(line)
    _bound(request)
    try:
        frame = _ask(request)
        answer = io.BytesIO()
        frame.write_ipc_stream(answer)
    except (MemoryError, RecursionError, duckdb.OutOfMemoryException):
        sys.exit(NO_MEMORY)
    except duckdb.Error as error:
        sys.exit(str(error))
    most = request["answer_mebibytes"]
    if most is not None and answer.tell() > most * MEBIBYTE:
        sys.exit(LONG_ANSWER)
    sys.stdout.buffer.write(answer.getbuffer())


def _ask(request: dict[str, Any]) -> pl.DataFrame:
    settings = SETTINGS | {"threads": request["threads"], "memory_limit": f"{request['memory_mebibytes']}MiB"}
    connection = duckdb.connect(request["path"], read_only=True, config=settings)
    # DuckDB would still let the published file be read byte by byte, with what builds have left in its free blocks.
    connection.execute("set disabled_filesystems = 'LocalFileSystem'")
    connection.execute("set lock_configuration = true")
    statements = connection.extract_statements(request["statement"])
    if len(statements) != 1:
        sys.exit(f"Give one statement, not {len(statements)}.")
    kind = statements[0].type.name
    if kind not in QUESTIONS:
        sys.exit(f"{kind} is not a question. SELECT, WITH, FROM, DESCRIBE, SUMMARIZE, SHOW TABLES and EXPLAIN are.")
    relation = connection.sql(statements[0])
    if relation is None:
        return pl.DataFrame()
    # One row more than wanted tells the parent that there are more.
    return relation.pl() if request["rows"] is None else relation.limit(request["rows"] + 1).pl()


def _bound(request: dict[str, Any]) -> None:
    """Limits of the system, which the child cannot raise again; and the pages go first on a busy machine."""
    os.nice(10)
    seconds = math.ceil(request["seconds"] * request["threads"]) + 5
    bounds = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,  # no file can grow, wherever it is
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CPU: seconds,
    }
    # macOS knows this limit and refuses to set it; there DuckDB's own limit is all there is.
    if sys.platform != "darwin":
        bounds[resource.RLIMIT_AS] = (request["memory_mebibytes"] + LIBRARIES_MEBIBYTES) * MEBIBYTE
    for kind, bound in bounds.items():
        resource.setrlimit(kind, (bound, bound))


if __name__ == "__main__":
    main()
