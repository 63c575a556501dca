"""A proposal as plain values, for programs and pages: personal data masked, nothing that JSON does not know."""

from __future__ import annotations

from typing import Any

from ingestion.contracts import Contract
from ingestion.proposal import Proposal
from ingestion.proposal_preview import Preview, mask
from ingestion.proposal_tables import Match
from ingestion.proposal_writing import mapping_text

EXAMPLES = 3


def proposal_report(proposal: Proposal, trial: Preview | None) -> dict[str, Any]:
    """The proposal, its preview (None where there was none) and the text of the mapping file."""
    contract = proposal.contract
    usual = proposal.mapping.dialect_over(contract.dialect)
    return {
        "file": proposal.path.name,
        "table": contract.name,
        "label": dict(contract.label),
        "is_table_certain": proposal.is_table_certain,
        "tables": [{"table": name, "score": round(score, 3)} for name, score in proposal.ranking],
        "shape": {
            "reader": proposal.shape.reader, "encoding": proposal.shape.encoding, "sheet": proposal.shape.sheet,
            "header_line": proposal.shape.header_line, "rows_looked_at": proposal.shape.rows,
        },
        "dialect": {
            "delimiter": usual.delimiter if proposal.shape.delimiter else None, "decimal": usual.decimal,
            "date_format": usual.date_format, "timestamp_format": usual.timestamp_format,
        },
        "columns": [_column(proposal, contract, match) for match in proposal.matches],
        "questions": [
            {"what": each.what, "choices": list(each.choices), "headers": list(each.headers), "text": each.text}
            for each in proposal.questions
        ],
        "missing": [_missing(each.name, contract) for each in proposal.missing],
        "unmapped": list(proposal.unmapped),
        "unknown_words": {
            column: [str(mask(word)) if contract.column(column).personal != "none" else word for word in words]
            for column, words in proposal.unknown_words.items()
        },
        "known_columns": [
            {"column": each.name, "label": {language: each.header(language) for language in ("en", "pt_BR")},
             "type": each.type, "is_required": each.required and each.default is None, "allowed": list(each.allowed)}
            for each in contract.columns
        ],
        "preview": None if trial is None else preview_report(trial),
        "mapping": mapping_text(proposal),
    }  # fmt: skip


def preview_report(trial: Preview) -> dict[str, Any]:
    """What became of the file in the trial, and its first rows as text."""
    return {
        "is_whole": trial.is_whole,
        "columns": list(trial.columns),
        "rows": [[None if value is None else str(value) for value in row] for row in trial.rows],
        "problems": list(trial.problems),
        **{key: value for key, value in trial.report.as_dict().items() if key in ("state", "message", "remedy", "tables", "notes")},
    }  # fmt: skip


def _column(proposal: Proposal, contract: Contract, match: Match) -> dict[str, Any]:
    column = contract.column(match.column)
    found = proposal.profiles[match.position]
    examples = list(found.counts)[:EXAMPLES]
    return {
        "header": match.header,
        "column": match.column,
        "label": {language: column.header(language) for language in ("en", "pt_BR")},
        "type": column.type,
        "confidence": round(match.confidence, 2),
        "name_share": round(match.likeness.share, 2),
        "name": match.likeness.alias,
        "values_share": round(match.values_share, 3),
        "reason": match.reason,
        "basis": {"chosen": "chosen", "the preset says so": "preset"}.get(match.reason, "found"),
        "is_personal": column.personal != "none",
        "examples": [str(mask(each)) if column.personal != "none" else each for each in examples],
    }


def _missing(name: str, contract: Contract) -> dict[str, Any]:
    column = contract.column(name)
    return {
        "column": name,
        "label": {language: column.header(language) for language in ("en", "pt_BR")},
        "type": column.type,
        "allowed": list(column.allowed),
    }
