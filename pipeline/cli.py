"""The command line `retaguarda`: its commands live in the modules `cli_…`, by theme.

Each command is thin: its step lives in a module of its own, imported when needed.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

import typer

from pipeline.cli_delivery import alerts, deliver
from pipeline.cli_loading import fetch, load, map_export, quarantine, template
from pipeline.cli_options import DataOption
from pipeline.cli_pages import demo, doctor, serve
from pipeline.cli_publishing import build, freeze, publish, refresh, verify
from pipeline.cli_reading import explain, kpi, pack, sql
from pipeline.cli_running import install_schedule, run
from pipeline.failures import EXIT_CODES_HELP, ExitCode, Failure
from pipeline.progress import Narrator
from pipeline.storage import storage_failure

app = typer.Typer(
    name="retaguarda",
    help=f"Exports in, governed KPIs out.\n\n{EXIT_CODES_HELP}",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

# In the order of `retaguarda --help`.
COMMANDS = (
    load, fetch, quarantine, build, publish, refresh, freeze, verify, run, demo, serve, doctor, kpi, explain, pack,
    deliver, alerts, sql,
)  # fmt: skip
for command in COMMANDS:
    app.command()(command)
app.command("map")(map_export)
app.command("install-schedule")(install_schedule)
app.command()(template)


@app.callback()
def choose_data(context: typer.Context, data: DataOption = None) -> None:
    """Remember the data folder given before the command."""
    context.obj = data


def main() -> None:
    """Run the command line: every failure is a message with a remedy and an exit code, never a traceback."""
    narrator = Narrator()
    try:
        app()
    except Failure as failure:
        narrator.complain(failure.message, failure.remedy)
        sys.exit(failure.code)
    except BrokenPipeError:
        # The reader (`| head`) has what it wanted; without this Python complains again while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitCode.OK)
    except Exception as error:
        if os.environ.get("RETAGUARDA_DEBUG"):
            traceback.print_exc()
        refused = storage_failure(error, Path("the data folder"))
        if refused is not None:
            narrator.complain(refused.message, refused.remedy)
        elif type(error).__module__.split(".")[0] in ("ingestion", "kpis"):
            # Errors of our own packages already name the file, the line and the remedy.
            narrator.complain(str(error))
        else:
            remedy = "Run `retaguarda doctor`; RETAGUARDA_DEBUG=1 shows more."
            narrator.complain(f"{type(error).__name__}: {error}", remedy)
        sys.exit(ExitCode.FAILED)


if __name__ == "__main__":
    main()
