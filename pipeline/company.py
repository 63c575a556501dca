"""The company that a data folder belongs to: `company.yml` with its label and, for the sample, its as-of date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from pipeline.failures import Failure


@dataclass(frozen=True)
class Company:
    """A company's label for the pages, and the day that the sample company stops at."""

    label: str
    as_of: date | None


def read_company(path: Path) -> Company | None:
    """The company described by a file; None when there is no file."""
    if not path.exists():
        return None
    try:
        content = YAML(typ="safe").load(path) or {}
    except YAMLError as error:
        raise Failure(f"{path} is not readable YAML: {error}", "Mend the file.") from error
    if not isinstance(content, dict):
        raise Failure(f"{path} must hold `label:` and, if wanted, `as_of:`.", "Mend the file.")
    as_of = content.get("as_of")
    if as_of is not None and not isinstance(as_of, date):
        as_of = date.fromisoformat(str(as_of))
    return Company(str(content.get("label", "")), as_of)
