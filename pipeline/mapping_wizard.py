"""`retaguarda map`: an unknown export, a proposal, a person's word on it, a mapping file."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import typer

from ingestion.contracts import Contract, fold, load_contracts
from ingestion.presets import Preset, load_presets, preset_of
from ingestion.proposal import Choices, Proposal, propose
from ingestion.proposal_preview import Preview, as_it_is, preview
from ingestion.proposal_report import proposal_report
from ingestion.proposal_writing import write_mapping
from ingestion.readers import RejectedFile
from ingestion.reports import FileReport
from pipeline.failures import ExitCode, Failure
from pipeline.loading import contract_name
from pipeline.mapping_words import describe, describe_presets, describe_preview
from pipeline.progress import Narrator
from pipeline.settings import PROJECT_ROOT, DataFolder

LEAVE_OUT = "-"


@dataclass(frozen=True)
class Wish:
    """What the command line said. `columns`, `constants` and `copies` are texts `name=value`, `values` are `column:word=value`."""

    table: str | None = None
    preset: str | None = None
    columns: Sequence[str] = ()
    constants: Sequence[str] = ()
    copies: Sequence[str] = ()
    values: Sequence[str] = ()
    date_format: str | None = None
    timestamp_format: str | None = None
    decimal: str | None = None
    name: str | None = None
    write: bool = False
    force: bool = False
    is_interactive: bool = False
    with_preview: bool = True


@dataclass(frozen=True)
class Outcome:
    """The proposal as it stands in the end, its trial load, and the file that was written (None: none).

    `known` is what would become of the file without a new mapping, where it would load; `labels` name
    the tables that a file of its kind may be.
    """

    proposal: Proposal
    trial: Preview | None
    written: Path | None
    preset: Preset | None = None
    known: FileReport | None = None
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            **proposal_report(self.proposal, self.trial),
            "preset": self.preset.name if self.preset else None,
            "preset_label": dict(self.preset.label) if self.preset else None,
            "all_tables": [{"table": name, "label": dict(label)} for name, label in self.labels.items()],
            "known": None
            if self.known is None
            else {"message": self.known.message, "tables": [each.table for each in self.known.tables]},
            "written": str(self.written) if self.written else None,
        }

    @property
    def exit_code(self) -> ExitCode:
        """REJECTED where the mapping was written and still cannot load: a required column is missing."""
        return ExitCode.REJECTED if self.written and self.proposal.missing else ExitCode.OK


def map_file(folder: DataFolder, path: Path, wish: Wish, narrator: Narrator) -> Outcome:
    """Propose a mapping for a file, let a person change it where one is asked, and write it where that is wished.

    Raises Failure for a file that needs no mapping or is none, for wrong names, and where something is to be written
    that the values do not decide.
    """
    contracts = load_contracts(PROJECT_ROOT)
    presets = load_presets(contracts)
    choices, preset = _choices(contracts, presets, wish)
    try:
        proposal = propose(path, contracts, choices)
        if preset is None and wish.table is None:
            preset = preset_of(proposal.shape.headers, presets, path.name)
            if preset is not None:
                choices = replace(choices, preset=preset.mapping)
                proposal = propose(path, contracts, choices)
        known = _known(folder, path, contracts, wish)
        if known is not None:
            narrator.say(f"This file loads as it is, without a new mapping: {known.message}")
        if wish.is_interactive:
            proposal, choices = _ask(path, contracts, choices, proposal, narrator)
        trial = preview(path, contracts, proposal.mapping) if wish.with_preview else None
    except RejectedFile as rejected:
        raise Failure(rejected.message, rejected.remedy, ExitCode.USAGE) from rejected
    narrator.say(describe(proposal, preset.label["en"] if preset else None))
    if trial is not None:
        narrator.say(describe_preview(trial))
    written = None
    if wish.write and (not wish.is_interactive or typer.confirm("Write this mapping?", default=True, err=True)):
        written = _write(folder, proposal, contracts, wish)
        narrator.say(f"Written: {written}")
        if proposal.missing:
            narrator.warn("Fill in the required columns that are missing before you load with it.")
    elif not wish.write:
        narrator.say("Nothing was written: --write writes the mapping, --yes does so without asking.")
    labels = {name: contract.label for name, contract in contracts.items() if proposal.shape.reader in contract.readers}
    return Outcome(proposal, trial, written, preset, known, labels)


def _known(folder: DataFolder, path: Path, contracts: Mapping[str, Contract], wish: Wish) -> FileReport | None:
    """What would become of the file as it is; None where it would be rejected, or somebody has already decided."""
    if wish.table or wish.preset or wish.write or not wish.with_preview:
        return None
    found = as_it_is(path, contracts, folder.mappings)
    return found if found.state == "loaded" else None


def list_presets(narrator: Narrator) -> list[dict[str, Any]]:
    """The known formats, told and as plain values."""
    presets = load_presets(load_contracts(PROJECT_ROOT))
    narrator.say(describe_presets(presets))
    return [
        {"preset": each.name, "system": each.system, "table": each.mapping.table, "label": dict(each.label),
         "export": each.export, "checked": dict(each.checked), "unchecked": list(each.unchecked)}
        for each in presets.values()
    ]  # fmt: skip


def pairs(texts: Sequence[str], option: str) -> dict[str, str]:
    """`name=value` texts of an option as a mapping. Raises Failure for one without `=`."""
    found: dict[str, str] = {}
    for text in texts:
        # Headers hold signs of equality now and then, names of columns never.
        name, sign, value = text.rpartition("=") if option in ("--column", "--value") else text.partition("=")
        if not sign or not name:
            raise Failure(
                f'{option} "{text}" must be written as name=value.', "See `retaguarda map --help`.", ExitCode.USAGE
            )
        found[name] = value
    return found


def _choices(
    contracts: Mapping[str, Contract], presets: Mapping[str, Preset], wish: Wish
) -> tuple[Choices, Preset | None]:
    preset = None
    if wish.preset is not None:
        preset = presets.get(wish.preset)
        if preset is None:
            raise Failure(f'There is no preset "{wish.preset}".', f"Presets: {', '.join(presets)}.", ExitCode.USAGE)
    table = contract_name(contracts, wish.table) if wish.table else None
    columns = pairs(wish.columns, "--column")
    choices = Choices(
        table=table,
        columns={header: "" if column == LEAVE_OUT else column for header, column in columns.items()},
        constants=pairs(wish.constants, "--set"),
        copies=pairs(wish.copies, "--copy"),
        values=_words(wish.values),
        date_format=wish.date_format,
        timestamp_format=wish.timestamp_format,
        decimal=wish.decimal,
        preset=preset.mapping if preset else None,
    )
    contract = contracts[preset.mapping.table] if preset else contracts[table] if table else None
    if contract is not None:
        _check_columns(contract, choices)
    elif choices.columns or choices.constants or choices.copies:
        raise Failure(
            "--column, --set and --copy name columns of a table.", "Say which with --as TABLE.", ExitCode.USAGE
        )
    return choices, preset


def _words(texts: Sequence[str]) -> dict[str, dict[str, str]]:
    """`column:word=value` texts by column."""
    found: dict[str, dict[str, str]] = {}
    for name, value in pairs(texts, "--value").items():
        column, sign, word = name.partition(":")
        if not sign:
            raise Failure(f'--value "{name}" must be written as column:word=value.', "", ExitCode.USAGE)
        found.setdefault(column, {})[word] = value
    return found


def _check_columns(contract: Contract, choices: Choices) -> None:
    names = {column.name for column in contract.columns}
    copies = choices.copies or {}
    asked = [
        *(choices.columns or {}).values(),
        *(choices.constants or {}),
        *copies,
        *copies.values(),
        *(choices.values or {}),
    ]
    for column in asked:
        if column and column not in names:
            raise Failure(
                f'{contract.name} has no column "{column}".',
                f"Its columns: {', '.join(sorted(names))}.",
                ExitCode.USAGE,
            )


def _write(folder: DataFolder, proposal: Proposal, contracts: Mapping[str, Contract], wish: Wish) -> Path:
    if proposal.questions:
        question = proposal.questions[0]
        option = "--" + question.what.replace("_", "-")
        raise Failure(question.text, f"Say which with {option} {' or '.join(question.choices)}.", ExitCode.USAGE)
    name = wish.name or file_name_of(proposal)
    if Path(name).name != name or name.startswith("."):
        raise Failure(f'"{name}" is not a plain file name.', "Give a name without folders.", ExitCode.USAGE)
    target = folder.mappings / (name if name.endswith((".yml", ".yaml")) else f"{name}.yml")
    try:
        return write_mapping(proposal, target, contracts, force=wish.force)
    except FileExistsError as error:
        raise Failure(str(error), "Choose another --name, or overwrite it with --force.", ExitCode.USAGE) from error


def file_name_of(proposal: Proposal) -> str:
    """A name for the mapping: what stays the same in the names of its files, and the table."""
    stem = proposal.mapping.match[0].rpartition(".")[0] if proposal.mapping.match else proposal.path.stem
    words = "".join(mark if mark.isalnum() else " " for mark in fold(stem)).split()
    return "_".join(words or [proposal.contract.table]) + ".yml"


def _ask(
    path: Path, contracts: Mapping[str, Contract], choices: Choices, proposal: Proposal, narrator: Narrator
) -> tuple[Proposal, Choices]:
    """Ask a person, in a terminal, about everything that is open, until they accept."""
    if not proposal.is_table_certain:
        narrator.say("Which table is this? " + ", ".join(f"{name} ({score:.0%})" for name, score in proposal.ranking))
        table = contract_name(contracts, typer.prompt("Table", default=proposal.contract.name, err=True))
        choices = replace(choices, table=table)
        proposal = propose(path, contracts, choices)
    while True:
        for question in proposal.questions:
            narrator.say(question.text)
            answer = ""
            while answer not in question.choices:
                answer = typer.prompt(" or ".join(question.choices), err=True)
            choices = replace(choices, **{question.what: answer})
        proposal = propose(path, contracts, choices)
        narrator.say(describe(proposal, None))
        text = typer.prompt(
            'Accept (enter), or change a line: "header = column", "header = -" to leave it out, '
            '"column := text" for the same text in every row, "column <- column" for a copy',
            default="", show_default=False, err=True,
        )  # fmt: skip
        if not text.strip():
            return proposal, choices
        try:
            changed = _changed(proposal, choices, text)
            _check_columns(proposal.contract, changed)
        except Failure as failure:
            narrator.complain(failure.message, failure.remedy)
            continue
        choices = changed
        proposal = propose(path, contracts, choices)


def _changed(proposal: Proposal, choices: Choices, text: str) -> Choices:
    table = choices.table or proposal.contract.name
    for sign, key in ((":=", "constants"), ("<-", "copies"), ("=", "columns")):
        name, found, value = text.rpartition(sign) if sign == "=" else text.partition(sign)
        if found:
            name, value = name.strip(), value.strip()
            if key == "columns" and fold(name) not in {fold(header) for header in proposal.shape.headers}:
                raise Failure(f'The file has no header "{name}".', f"It has: {', '.join(proposal.shape.headers)}.")
            kept = dict(getattr(choices, key) or {})
            kept[name] = "" if key == "columns" and value == LEAVE_OUT else value
            return replace(choices, table=None if choices.preset else table, **{key: kept})
    raise Failure("That is not a change.", 'Write "header = column", "column := text" or "column <- column".')


def is_terminal() -> bool:
    """Whether a person can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()
