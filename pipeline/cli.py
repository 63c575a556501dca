"""The command line `retaguarda`. Each command is thin: its step lives in a module of its own, imported when needed."""

from __future__ import annotations

import json
import os
import sys
import traceback
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.failures import EXIT_CODES_HELP, ExitCode, Failure
from pipeline.output_formats import Format, write_result
from pipeline.progress import Narrator
from pipeline.settings import DATA_VARIABLE, DataFolder, data_folder
from pipeline.storage import storage_failure

app = typer.Typer(
    name="retaguarda",
    help=f"Exports in, governed KPIs out.\n\n{EXIT_CODES_HELP}",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class ReportFormat(StrEnum):
    """How load, build, publish, refresh and doctor report: for people, or for programs."""

    TEXT = "text"
    JSON = "json"


class Language(StrEnum):
    """Languages of templates."""

    PT_BR = "pt_BR"
    EN = "en"


class Grain(StrEnum):
    """Lengths of period."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


DataOption = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help=f"The company's data folder; else {DATA_VARIABLE}, else ./data."),
]
ReportOption = Annotated[ReportFormat, typer.Option("--format", help="json: one object on standard output.")]
ResultOption = Annotated[Format, typer.Option("--format", help="Format of the result.")]
OutputOption = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write here instead.")]
StrictOption = Annotated[bool, typer.Option("--strict", help="Exit with 3 also when rows were quarantined.")]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="yyyy-mm-dd (the end of that local day) or an ISO date and time."),
]
PortOption = Annotated[int, typer.Option("--port", envvar="PORT", min=1, max=65_535, help="Port on 127.0.0.1.")]


@app.callback()
def choose_data(context: typer.Context, data: DataOption = None) -> None:
    """Remember the data folder given before the command."""
    context.obj = data


def chosen_folder(context: typer.Context, data: Path | None) -> DataFolder:
    """The folder given after the command, else before it, else by the environment."""
    return data_folder(data or context.obj)


def report(content: dict[str, Any] | list[dict[str, Any]], chosen: ReportFormat) -> None:
    """Write a report for programs; people have read the lines of progress."""
    if chosen is ReportFormat.JSON:
        typer.echo(json.dumps(content, ensure_ascii=False, indent=1, default=str))


@app.command()
def load(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Exports, or folders of exports.")],
    table: Annotated[str | None, typer.Option("--as", metavar="TABLE", help="Contract, e.g. erp.payables.")] = None,
    mapping: Annotated[
        Path | None,
        typer.Option("--map", metavar="FILE", help="Mapping of a foreign export.", exists=True, dir_okay=False),
    ] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="T", help="When this became known; else now.")] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Apply a full export although it lacks many rows (a held file: its name).")
    ] = False,
    strict: StrictOption = False,
    output: ReportOption = ReportFormat.TEXT,
    data: DataOption = None,
) -> None:
    """Load exports into raw. The same file twice changes nothing; a corrected one makes new versions of its rows."""
    from pipeline.confirming import archive_confirmed, held_files
    from pipeline.loading import load as load_exports
    from pipeline.locking import writing
    from pipeline.moments import parse_knowledge_time

    folder = chosen_folder(context, data).prepare()
    moment = parse_knowledge_time(as_of) if as_of else None
    with writing(folder, "load"):
        loaded = load_exports(
            folder,
            held_files(folder, paths) if confirm else paths,
            Narrator(),
            table=table,
            mapping=mapping,
            knowledge_at=moment,
            is_confirmed=confirm,
        )
        archive_confirmed(folder, loaded)
    report(loaded.as_dict(), output)
    raise typer.Exit(loaded.exit_code(strict))


@app.command()
def fetch(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Connections; else all.")] = None,
    everything: Annotated[bool, typer.Option("--everything", help="Read all rows, not only what is new.")] = False,
    output: ReportOption = ReportFormat.TEXT,
    data: DataOption = None,
) -> None:
    """Read databases and APIs (connections/*.yml) into the inbox. `refresh` does it first."""
    from pipeline.fetching import fetch as fetch_all
    from pipeline.locking import writing

    folder = chosen_folder(context, data).prepare()
    with writing(folder, "fetch"):
        fetched = fetch_all(folder, Narrator(), names or (), everything=everything)
    report(fetched.as_dict(), output)
    raise typer.Exit(fetched.exit_code)


@app.command()
def quarantine(
    context: typer.Context,
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="Name or number of a loaded file: write its rows.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FOLDER", help="Where to write; else quarantine/.")
    ] = None,
    output: ReportOption = ReportFormat.TEXT,
    data: DataOption = None,
) -> None:
    """List quarantined rows, or write them in the layout of their export with the reasons, to be mended and loaded."""
    from pipeline.quarantining import quarantine as list_or_write

    found = list_or_write(chosen_folder(context, data).prepare(), file, folder)
    report(found.as_dict(), output)
    if output is ReportFormat.TEXT:
        for line in found.lines():
            typer.echo(line)


@app.command()
def build(
    context: typer.Context,
    as_of: AsOfOption = None,
    output: ReportOption = ReportFormat.TEXT,
    data: DataOption = None,
) -> None:
    """Build marts and KPIs from raw into a new file, and test them. What is published stays as it is."""
    from pipeline.building import build as build_models
    from pipeline.locking import writing
    from pipeline.moments import parse_moment

    folder = chosen_folder(context, data).prepare()
    with writing(folder, "build"):
        built = build_models(folder, Narrator(), as_of=parse_moment(as_of) if as_of else None)
    report({"file": built.path, "as_of": built.as_of, **built.results.summary()}, output)


@app.command()
def publish(context: typer.Context, output: ReportOption = ReportFormat.TEXT, data: DataOption = None) -> None:
    """Publish the latest build: the pages show it from then on."""
    from pipeline.locking import writing
    from pipeline.publishing import publish as publish_latest

    folder = chosen_folder(context, data).prepare()
    with writing(folder, "publish"):
        publication = publish_latest(folder, Narrator())
    report(publication.as_dict(), output)


@app.command()
def refresh(
    context: typer.Context,
    as_of: AsOfOption = None,
    strict: StrictOption = False,
    always: Annotated[bool, typer.Option("--always", help="Build and publish even when the inbox is empty.")] = False,
    output: ReportOption = ReportFormat.TEXT,
    data: DataOption = None,
) -> None:
    """Load the inbox, archive its files by month, build and publish. For a scheduler."""
    from pipeline.moments import parse_knowledge_time
    from pipeline.refreshing import exit_code
    from pipeline.refreshing import refresh as refresh_all

    moment = parse_knowledge_time(as_of) if as_of else None
    refreshed = refresh_all(chosen_folder(context, data), Narrator(), as_of=moment, always_build=always)
    report(refreshed.as_dict(), output)
    raise typer.Exit(exit_code(refreshed, strict))


@app.command()
def freeze(
    context: typer.Context,
    week: Annotated[
        str | None, typer.Option("--week", metavar="WEEK", help="e.g. 2026-W46; else the last complete one.")
    ] = None,
    output: ReportOption = ReportFormat.TEXT,
    data: DataOption = None,
) -> None:
    """Keep a week's figures as they are reported, unchanged for ever. `refresh` does it when a week is complete."""
    from pipeline.freezing import freeze as freeze_week
    from pipeline.locking import writing
    from pipeline.snapshot_weeks import Week

    folder = chosen_folder(context, data).prepare()
    with writing(folder, "freeze"):
        frozen = freeze_week(folder, Narrator(), Week.parse(week) if week else None)
    report(frozen.as_dict(), output)


@app.command()
def verify(context: typer.Context, output: ReportOption = ReportFormat.TEXT, data: DataOption = None) -> None:
    """Check that every frozen week is what it was when it was frozen: its files, and their chain."""
    from pipeline.snapshot_verifying import verify as verify_weeks

    found = verify_weeks(chosen_folder(context, data))
    report(found.as_dict(), output)
    if output is ReportFormat.TEXT:
        for one in found.discrepancies:
            typer.echo(f"✗ {'/'.join(filter(None, (one.week, one.file)))}: {one.message}")
        if not found.discrepancies:
            typer.echo(f"✓ {len(found.weeks)} weeks, {found.files} files: all as they were frozen.")
    raise typer.Exit(ExitCode.FAILED if found.discrepancies else ExitCode.OK)


@app.command()
def demo(
    context: typer.Context,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Load, build and publish only.")] = False,
    port: PortOption = 8501,
    data: DataOption = None,
) -> None:
    """Load, build and publish the sample company, and open the dashboard."""
    from pipeline.demonstration import prepare_demonstration
    from pipeline.serving import serve as serve_pages

    folder = chosen_folder(context, data)
    narrator = Narrator()
    prepare_demonstration(folder, narrator)
    if not no_serve:
        serve_pages(folder, narrator, port)


@app.command()
def serve(
    context: typer.Context,
    port: PortOption = 8501,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
    uploads: Annotated[
        bool, typer.Option("--uploads", envvar="RETAGUARDA_UPLOADS", help="Let readers of the data page load files.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Serve the dashboard on this machine (127.0.0.1) until Ctrl+C."""
    from pipeline.serving import serve as serve_pages

    serve_pages(chosen_folder(context, data), Narrator(), port, browser=not no_browser, uploads=uploads)


@app.command()
def doctor(context: typer.Context, output: ReportOption = ReportFormat.TEXT, data: DataOption = None) -> None:
    """Check everything that a refresh and the pages need, with a remedy for what is wrong."""
    from pipeline.doctor import examine

    checks = examine(chosen_folder(context, data))
    report([check.as_dict() for check in checks], output)
    if output is ReportFormat.TEXT:
        for check in checks:
            mark = {"ok": "✓", "warning": "!", "failed": "✗"}[check.state]
            typer.echo(f"{mark} {check.name}: {check.finding}" + (f"\n    → {check.remedy}" if check.remedy else ""))
    raise typer.Exit(ExitCode.FAILED if any(check.state == "failed" for check in checks) else ExitCode.OK)


@app.command()
def kpi(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="Name of the KPI, e.g. days_to_pay.")] = None,
    grain: Annotated[Grain, typer.Option("--grain", help="Length of a period.")] = Grain.MONTH,
    by: Annotated[str | None, typer.Option("--by", metavar="DIMENSION", help="A row a member of it.")] = None,
    start: Annotated[str | None, typer.Option("--from", metavar="D", help="First day of the earliest period.")] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="D", help="Latest first day of a period.")] = None,
    everything: Annotated[bool, typer.Option("--list", help="List the KPIs.")] = False,
    language: Annotated[Language, typer.Option("--language", "-l", help="Language of the list.")] = Language.PT_BR,
    chosen: ResultOption = Format.TABLE,
    output: OutputOption = None,
    data: DataOption = None,
) -> None:
    """Published values of one KPI, with interval, n, components, target and state; or, with --list, all KPIs."""
    from pipeline.moments import parse_day
    from pipeline.querying import kpi_list, kpi_values

    if everything:
        write_result(kpi_list(language.value), chosen, output)
        return
    if name is None:
        raise Failure("No KPI is named.", "List them with `retaguarda kpi --list`.", ExitCode.USAGE)
    frame = kpi_values(
        chosen_folder(context, data),
        name,
        grain=grain.value,
        by=by,
        start=parse_day(start) if start else None,
        end=parse_day(end) if end else None,
    )
    write_result(frame, chosen, output)


@app.command()
def explain(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the KPI, e.g. days_to_pay.")],
    language: Annotated[Language, typer.Option("--language", "-l", help="Language of the words.")] = Language.PT_BR,
    grain: Annotated[Grain, typer.Option("--grain", help="Length of a period.")] = Grain.MONTH,
    output: ReportOption = ReportFormat.TEXT,
    data: DataOption = None,
) -> None:
    """What a KPI means: definition, authority, traps, lineage, SQL, versions, warnings and its latest values."""
    from pipeline.explaining import explain as explain_kpi
    from pipeline.explaining import explanation_text

    found = explain_kpi(chosen_folder(context, data), name, language=language.value, grain=grain.value)
    report(found, output)
    if output is ReportFormat.TEXT:
        typer.echo(explanation_text(found, language.value))


@app.command()
def pack(
    context: typer.Context,
    week: Annotated[
        str | None, typer.Option("--week", metavar="WEEK", help="E.g. 2026-W46; else the latest complete.")
    ] = None,
    audience: Annotated[
        str | None, typer.Option("--audience", metavar="NAME", help="One of audiences.yml; else everything is shown.")
    ] = None,
    language: Annotated[Language | None, typer.Option("--language", "-l", help="Language of the pack.")] = None,
    formats: Annotated[
        str, typer.Option("--format", metavar="LIST", help="Which files to make.")
    ] = "html,pdf,xlsx,pptx",
    folder: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FOLDER", help="Else reports/<week>/<audience>/ of the data."),
    ] = None,
    output: Annotated[
        ReportFormat, typer.Option("--report", help="json: one object on standard output.")
    ] = ReportFormat.TEXT,
    data: DataOption = None,
) -> None:
    """Make the weekly pack: what changed, scorecard, a page an area, as HTML, PDF, XLSX and PPTX with the same numbers."""
    from pipeline.packing import pack as make_pack

    made = make_pack(
        chosen_folder(context, data),
        Narrator(quiet=output is ReportFormat.JSON),
        week=week,
        audience=audience,
        language=language.value if language else None,
        formats=formats,
        output=folder,
    )
    report(made.as_dict(), output)


@app.command()
def sql(
    context: typer.Context,
    statement: Annotated[str, typer.Argument(help="One statement; tables are in marts, metrics, kpi and meta.")],
    chosen: ResultOption = Format.TABLE,
    output: OutputOption = None,
    timeout: Annotated[float, typer.Option("--timeout", min=0.1, metavar="SECONDS", help="Stop after this.")] = 60,
    memory: Annotated[int, typer.Option("--memory", min=64, metavar="MIB", help="Memory it may use.")] = 2048,
    data: DataOption = None,
) -> None:
    """Ask the published file in SQL: read-only, without access to other files."""
    from pipeline.querying import sql as ask

    frame = ask(chosen_folder(context, data), statement, timeout_seconds=timeout, memory_mebibytes=memory)
    write_result(frame, chosen, output)


@app.command("map")
def map_export(
    context: typer.Context,
    path: Annotated[Path | None, typer.Argument(metavar="FILE", help="An export that no contract knows.")] = None,
    table: Annotated[str | None, typer.Option("--as", metavar="TABLE", help="Contract, e.g. erp.payables.")] = None,
    preset: Annotated[
        str | None, typer.Option("--preset", metavar="NAME", help="A known format; `--preset list` names them.")
    ] = None,
    columns: Annotated[
        list[str] | None, typer.Option("--column", metavar="HEADER=COLUMN", help="Decide one; COLUMN - leaves it out.")
    ] = None,
    constants: Annotated[
        list[str] | None, typer.Option("--set", metavar="COLUMN=TEXT", help="The same text in every row.")
    ] = None,
    copies: Annotated[
        list[str] | None, typer.Option("--copy", metavar="COLUMN=COLUMN", help="Take the text of another column.")
    ] = None,
    values: Annotated[
        list[str] | None, typer.Option("--value", metavar="COLUMN:WORD=VALUE", help="What a word of the file means.")
    ] = None,
    date_format: Annotated[str | None, typer.Option("--date-format", metavar="FORMAT", help="dd/mm/yyyy …")] = None,
    timestamp_format: Annotated[str | None, typer.Option("--timestamp-format", metavar="FORMAT")] = None,
    decimal: Annotated[str | None, typer.Option("--decimal", metavar="MARK", help="The decimal mark: , or .")] = None,
    write: Annotated[bool, typer.Option("--write", help="Write the mapping into the data folder.")] = False,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="Name of the mapping file.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a mapping of that name.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing, and write.")] = False,
    no_preview: Annotated[bool, typer.Option("--no-preview", help="Do not try to load the file.")] = False,
    output: ReportOption = ReportFormat.TEXT,
    data: DataOption = None,
) -> None:
    """Propose how an unknown export is to be loaded, show what would become of it, and write the mapping."""
    from pipeline.mapping_wizard import Wish, is_terminal, list_presets, map_file

    if preset == "list":
        report(list_presets(Narrator()), output)
        return
    if path is None:
        raise typer.BadParameter("Name a file, or `--preset list`.")
    wish = Wish(
        table=table,
        preset=preset,
        columns=columns or (),
        constants=constants or (),
        copies=copies or (),
        values=values or (),
        date_format=date_format,
        timestamp_format=timestamp_format,
        decimal=decimal,
        name=name,
        write=write or yes,
        force=force,
        is_interactive=not yes and output is ReportFormat.TEXT and is_terminal(),
        with_preview=not no_preview,
    )
    outcome = map_file(chosen_folder(context, data), path, wish, Narrator(quiet=output is ReportFormat.JSON))
    report(outcome.as_dict(), output)
    raise typer.Exit(outcome.exit_code)


@app.command()
def template(
    table: Annotated[str, typer.Argument(help="Contract, e.g. erp.payables.")],
    language: Annotated[Language, typer.Option("--language", "-l", help="Language of the headers.")] = Language.PT_BR,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where to write.")] = Path(),
) -> None:
    """Write an empty CSV and XLSX with the headers of a contract."""
    from ingestion.contracts import load_contracts
    from ingestion.templates import write_template
    from pipeline.loading import contract_name
    from pipeline.settings import PROJECT_ROOT

    contracts = load_contracts(PROJECT_ROOT)
    contract = contracts[contract_name(contracts, table)]
    output.mkdir(parents=True, exist_ok=True)
    for path in write_template(contract, language.value, output):
        typer.echo(str(path))


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
