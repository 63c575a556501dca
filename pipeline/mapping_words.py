"""A proposal and its preview in words, for a terminal."""

from __future__ import annotations

import io

from rich import box
from rich.console import Console
from rich.table import Table

from ingestion.presets import Preset
from ingestion.proposal import Proposal
from ingestion.proposal_preview import Preview
from ingestion.reports import rows_in_words
from pipeline.output_formats import cell

UNMAPPED_NAMED = 12


def describe(proposal: Proposal, preset: str | None) -> str:
    """What is proposed, with reasons, and what is left open."""
    shape, contract = proposal.shape, proposal.contract
    dialect = proposal.mapping.dialect_over(contract.dialect)
    facts = [f"header in line {shape.header_line}"]
    if shape.sheet:
        facts.append(f'sheet "{shape.sheet}"')
    if shape.delimiter:
        facts.append(f"separated by {shape.delimiter!r}")
    if shape.encoding:
        facts.append(shape.encoding)
    asked = {question.what for question in proposal.questions}
    facts.append("decimal mark undecided" if "decimal" in asked else f"decimal mark {dialect.decimal}")
    facts.append("dates undecided" if "date_format" in asked else f"dates {dialect.date_format}")
    certain = "" if proposal.is_table_certain else " (not certain: " + ", ".join(
        f"{name} {score:.2f}" for name, score in proposal.ranking[:3]) + "; --as says which)"  # fmt: skip
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in ("Header of the file", "Column", "Sure", "Why"):
        table.add_column(title, justify="right" if title == "Sure" else "left")
    for match in proposal.matches:
        table.add_row(match.header, match.column, f"{match.confidence:.0%}", match.reason)
    lines = [
        f"{proposal.path.name}: {contract.name}, {contract.label['en']}{certain}",
        *([f"Known format: {preset}."] if preset else []),
        "; ".join(facts) + ".",
        drawn(table),
    ]
    for column, text in proposal.mapping.constants.items():
        lines.append(f"{column} is {text!r} in every row.")
    lines += [f"{to} takes the text of {origin}." for to, origin in proposal.mapping.copies.items()]
    lines += [f"{to} is joined from {', '.join(join.headers)}." for to, join in proposal.mapping.joins.items()]
    for drop in proposal.mapping.drop_rows:
        which = {"values": "with", "other_than": "other than", "starting_with": "starting with"}[drop.condition]
        values = ", ".join(f'"{value}"' for value in drop.values)
        lines.append(f"Left out: {drop.header} {which} {values} ({drop.reason}).")
    if proposal.missing:
        names = ", ".join(f"{column.name} ({column.type})" for column in proposal.missing)
        lines.append(
            f"Required, and not in the file: {names}. Give them with --set COLUMN=TEXT or --copy COLUMN=COLUMN."
        )
    for column, words in proposal.unknown_words.items():
        known = ", ".join(contract.column(column).allowed)
        lines.append(f"{column}: {len(words)} words of the file are none of {known}: map them under `values:`.")
    if proposal.unmapped:
        more = f" and {len(proposal.unmapped) - UNMAPPED_NAMED} more" if len(proposal.unmapped) > UNMAPPED_NAMED else ""
        lines.append(f"Not loaded: {', '.join(proposal.unmapped[:UNMAPPED_NAMED])}{more}.")
    lines += [f"? {question.text}" for question in proposal.questions]
    return "\n".join(lines)


def describe_preview(trial: Preview) -> str:
    """What would become of the rows, and the first of them."""
    report = trial.report
    if report.state == "rejected":
        return f"The file would be rejected: {report.message} {report.remedy}"
    scope = "" if trial.is_whole else " (first lines only)"
    lines = [f"Trial load{scope}: " + " ".join(rows_in_words(table) for table in report.tables)]
    for each in report.tables:
        if each.control_column is not None:
            parts = [f"{each.control_loaded} loaded", f"{each.control_quarantined} quarantined"]
            parts += [f"{each.control_left_out} left out"] if each.rows_left_out else []
            lines.append(f"Control total of {each.control_column}: {each.control_read} read = {' + '.join(parts)}.")
    lines += list(report.notes)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in trial.columns:
        table.add_column(name)
    for row in trial.rows:
        table.add_row(*(cell(value) for value in row))
    lines.append(drawn(table))
    lines += list(trial.problems)
    return "\n".join(lines)


def describe_presets(presets: dict[str, Preset]) -> str:
    """The known formats, a line each."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in ("Preset", "Table", "Export", "Fields checked"):
        table.add_column(title)
    for preset in presets.values():
        checked = f"{len(preset.checked)} of {len(preset.checked) + len(preset.unchecked)}"
        table.add_row(preset.name, preset.mapping.table, preset.label["en"], checked)
    return drawn(table)


def drawn(table: Table) -> str:
    """A table as text, as wide as it needs."""
    stream = io.StringIO()
    console = Console(file=stream, width=240, highlight=False, markup=False)
    console.print(table)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines())
