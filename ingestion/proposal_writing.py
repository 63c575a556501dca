"""A proposal as a mapping file that a person can read and edit: every line with its reason beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from ingestion.contracts import Column
from ingestion.mapping import Mapping as MappingFile
from ingestion.mapping import load_mapping
from ingestion.proposal import Proposal

UNSURE = 0.75


def mapping_text(proposal: Proposal) -> str:
    """The YAML of the proposal's mapping, in the format of data/mappings/README.md."""
    mapping, contract = proposal.mapping, proposal.contract
    lines = [
        f"# {proposal.path.name} as {contract.name} ({contract.label['en']} / {contract.label['pt_BR']}).",
        "# Proposed by `retaguarda map`; the format is described in README.md of this folder. Edit what is wrong.",
        f"table: {mapping.table}",
        f"match: [{', '.join(map(_text, mapping.match))}]   # file names that this mapping is for",
    ]
    if mapping.sheet is not None:
        lines.append(f"sheet: {_text(mapping.sheet)}")
    if mapping.skip_rows:
        lines.append(f"header_line: {mapping.skip_rows + 1}")
    lines += _dialect(proposal)
    if mapping.columns:
        lines.append("columns:")
        reasons = {match.header: match for match in proposal.matches}
        width = max(len(_text(header)) + len(column) for header, column in mapping.columns.items()) + 4
        for header, column in mapping.columns.items():
            line = f"  {_text(header)}: {column}"
            match = reasons.get(header)
            if match is not None:
                unsure = "CHECK: " if match.confidence < UNSURE else ""
                line = f"{line:<{width}}  # {unsure}{match.confidence:.0%}, {_comment(match.reason)}"
            lines.append(line)
    lines += _joins(mapping)
    lines += _constants(proposal)
    if mapping.copies:
        lines += ["copies:", *(f"  {to}: {origin}" for to, origin in mapping.copies.items())]
    for column, lookup in mapping.lookups.items():
        lines += [*(["lookups:"] if column == next(iter(mapping.lookups)) else []), f"  {column}:",
                  f"    from: {lookup.from_column}", f"    values: {_flow(lookup.values)}",
                  *([f"    otherwise: {_text(lookup.otherwise)}"] if lookup.otherwise is not None else [])]  # fmt: skip
    if mapping.negated:
        lines.append(f"negate: [{', '.join(mapping.negated)}]")
    lines += _values(proposal)
    lines += _drop_rows(mapping)
    if mapping.ignored:
        lines.append(f"ignore: [{', '.join(map(_text, mapping.ignored))}]")
    others = [header for header in proposal.unmapped if header not in mapping.ignored]
    if others:
        lines += ["# Headers of the file that are not loaded:", *_wrapped(others)]
    return "\n".join(lines) + "\n"


def write_mapping(proposal: Proposal, target: Path, contracts: Mapping[str, object], *, force: bool = False) -> Path:
    """Write the mapping file. Raises FileExistsError for one that is there, unless `force`.

    What was written is read back, so that a file that could not be used is never left behind.
    """
    if target.exists() and not force:
        raise FileExistsError(f"{target} is there already.")
    target.parent.mkdir(parents=True, exist_ok=True)
    trial = target.with_name(f".{target.name}.part")
    try:
        trial.write_text(mapping_text(proposal), encoding="utf-8")
        load_mapping(trial, contracts)  # type: ignore[arg-type]
        trial.replace(target)
    finally:
        trial.unlink(missing_ok=True)
    return target


def _dialect(proposal: Proposal) -> list[str]:
    mapping = proposal.mapping
    lines = []
    for key, value in mapping.dialect.items():
        shown = f"[{', '.join(value)}]" if isinstance(value, tuple) else _text(str(value))
        lines.append(f"  {key}: {shown}")
    for question in proposal.questions:
        lines.append(f"  # {_comment(question.text)} Write one:")
        lines += [f"  # {question.what}: {_text(choice)}" for choice in question.choices]
    return (["dialect:", *lines] if mapping.dialect else ["# dialect:", *lines]) if lines else []


def _constants(proposal: Proposal) -> list[str]:
    lines = [f"  {column}: {_text(text)}" for column, text in proposal.mapping.constants.items()]
    head = ["constants:"] if lines else []
    missing = [
        f"  # {column.name}: {_text(_example(column))}   # required and not in the file: the same text in every row, "
        "or a copy of another column"
        for column in proposal.missing
    ]
    return [*head, *lines, *(["# constants:"] if missing and not head else []), *missing]


def _example(column: Column) -> str:
    return next(iter(column.allowed), "") or {"integer": "1", "boolean": "sim"}.get(column.type, "…")


def _joins(mapping: MappingFile) -> list[str]:
    lines = [
        f"  {column}: {{from: [{', '.join(map(_text, join.headers))}], separator: {_text(join.separator)}}}"
        for column, join in mapping.joins.items()
    ]
    return ["joins:", *lines] if lines else []


def _values(proposal: Proposal) -> list[str]:
    lines = [f"  {column}: {_flow(words)}" for column, words in proposal.mapping.value_maps.items() if words]
    head = ["values:"] if lines else []
    for name, words in proposal.unknown_words.items():
        column = proposal.contract.column(name)
        # The file may be shown on a page: words of a personal column stay in the export.
        listed = (
            ", ".join(f"{_text(word)}: ?" for word in words) if column.personal == "none" else f"… {len(words)} words"
        )
        known = ", ".join(column.allowed)
        lines.append(f"  # {name}: {{{_comment(listed)}}}   # words of the file that are none of: {known}")
    return [*head, *lines] if head else ["# values:", *lines] if lines else []


def _drop_rows(mapping: MappingFile) -> list[str]:
    lines = []
    for drop in mapping.drop_rows:
        closes = ", closes: true" if drop.closes else ""
        lines.append(f"  - {{column: {_text(drop.header)}, {drop.condition}: [{', '.join(map(_text, drop.values))}], "
                     f"reason: {_text(drop.reason)}{closes}}}")  # fmt: skip
    return ["drop_rows:", *lines] if lines else []


def _flow(words: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{_text(text)}: {_text(value)}" for text, value in words.items()) + "}"


def _wrapped(headers: list[str], width: int = 110) -> list[str]:
    lines, line = [], "#  "
    for header in headers:
        shown = " " + _comment(header) + ","
        if len(line) + len(shown) > width:
            lines.append(line)
            line = "#  "
        line += shown
    return [*lines, line.rstrip(",")]


def _text(text: str) -> str:
    """A text as YAML writes it in double quotes: JSON's quoting, and an escape for all that cannot be printed."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(mark if mark.isprintable() else _escaped(mark) for mark in quoted)


def _escaped(mark: str) -> str:
    code = ord(mark)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _comment(text: str) -> str:
    """A text for a comment: one line, whatever it holds."""
    return "".join(mark if mark.isprintable() else " " for mark in text)
