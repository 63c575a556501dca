"""Commands that bring exports into raw, and that show how: load, fetch, quarantine, map, template."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli_options import DataOption, Language, ReportFormat, ReportOption, StrictOption, chosen_folder, report
from pipeline.progress import Narrator


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
    from pipeline.confirming import archive_confirmed, held_files, with_later_loads
    from pipeline.loading import load as load_exports
    from pipeline.locking import writing
    from pipeline.moments import parse_knowledge_time

    folder = chosen_folder(context, data).prepare()
    moment = parse_knowledge_time(as_of) if as_of else None
    narrator = Narrator()
    with writing(folder, "load") as record:
        loaded = load_exports(
            folder,
            held_files(folder, paths) if confirm else paths,
            narrator,
            table=table,
            mapping=mapping,
            knowledge_at=moment,
            is_confirmed=confirm,
        )
        if confirm:
            loaded = with_later_loads(folder, loaded, narrator)
        archive_confirmed(folder, loaded)
        record.exit_code = loaded.exit_code(strict)
    report(loaded.as_dict(), output)
    raise typer.Exit(loaded.exit_code(strict))


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
    with writing(folder, "fetch") as record:
        fetched = fetch_all(folder, Narrator(), names or (), everything=everything)
        record.exit_code = fetched.exit_code
    report(fetched.as_dict(), output)
    raise typer.Exit(fetched.exit_code)


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
