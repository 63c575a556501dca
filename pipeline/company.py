"""The company that a data folder belongs to: `company.yml` with its label, its settings and, for the sample, a date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pipeline.failures import Failure
from yaml_lines import YAMLError, load


@dataclass(frozen=True)
class Company:
    """A company's label for the pages, the day that the sample company stops at, and settings of loading.

    `maximum_shrink` is, by table (`erp.suppliers`), the share of its rows that a full export may lack unconfirmed;
    `freeze_grace_days` for how many days after its end a week waits for its sources before it is frozen;
    `restatement_tolerance` from which size on a restated figure is an alert (0.01: one per cent, or one point of one).
    """

    label: str
    as_of: date | None
    maximum_shrink: Mapping[str, float] = field(default_factory=dict)
    freeze_grace_days: float = 3.0
    restatement_tolerance: float = 0.01


def read_company(path: Path) -> Company | None:
    """The company described by a file; None when there is no file."""
    if not path.exists():
        return None
    try:
        content = load(path.read_text(encoding="utf-8")) or {}
    except (YAMLError, UnicodeDecodeError) as error:
        raise Failure(f"{path} is not readable YAML: {error}", "Mend the file.") from error
    if not isinstance(content, dict):
        raise Failure(f"{path} must hold `label:` and, if wanted, `as_of:`.", "Mend the file.")
    as_of = content.get("as_of")
    if as_of is not None and not isinstance(as_of, date):
        try:
            as_of = date.fromisoformat(str(as_of))
        except ValueError as error:
            raise Failure(f'{path}: as_of "{as_of}" is no date.', "Write as_of: 2026-11-20") from error
    grace = content.get("freeze_grace_days", 3.0)
    if isinstance(grace, bool) or not isinstance(grace, int | float) or not 0 <= grace <= 60:
        raise Failure(f"{path}: freeze_grace_days must be a number of days, 0 to 60.", "Write freeze_grace_days: 3")
    tolerance = content.get("restatement_tolerance", Company.restatement_tolerance)
    if isinstance(tolerance, bool) or not isinstance(tolerance, int | float) or not 0 <= tolerance <= 10:
        raise Failure(f"{path}: restatement_tolerance must be a share, 0 to 10.", "Write restatement_tolerance: 0.01")
    shares = _shares(path, content.get("maximum_shrink") or {})
    return Company(str(content.get("label", "")), as_of, shares, float(grace), float(tolerance))


def _shares(path: Path, content: object) -> Mapping[str, float]:
    shares = content if isinstance(content, dict) else {}
    if shares is not content or not all(
        isinstance(share, int | float) and 0 <= share <= 1 for share in shares.values()
    ):
        raise Failure(
            f"{path}: maximum_shrink must name tables with a share between 0 and 1.",
            "Write it like this: maximum_shrink: {erp.suppliers: 0.5}",
        )
    return {str(name): float(share) for name, share in shares.items()}
