"""The KPI catalogue: dbt YAML beside the models, read strictly, every error with file, line and remedy."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from kpis.definition import Kpi, Records
from kpis.entry import Problem, check_entry, line_of
from yaml_lines import MarkedYAMLError, load

__all__ = ["CatalogueError", "Kpi", "Problem", "Records", "load_catalogue"]

PATTERN = "models/metrics/*/_*__kpis.yml"


class CatalogueError(ValueError):
    """The catalogue is not valid; `problems` holds all of them, not only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


def load_catalogue(root: Path) -> dict[str, Kpi]:
    """Read every `models/metrics/<area>/_<area>__kpis.yml` under `root`.

    Returns the KPIs by name, in the order of files and entries. Raises CatalogueError with all problems of all files.
    """
    kpis: dict[str, Kpi] = {}
    problems: list[Problem] = []
    for path in sorted(root.glob(PATTERN)):
        for kpi in _read(path, path.relative_to(root).as_posix(), problems):
            if kpi.name in kpis:
                twin = kpis[kpi.name]
                problems.append(
                    Problem(
                        kpi.path,
                        kpi.line,
                        f"KPI {kpi.name} is defined twice, also in {twin.path}, line {twin.line}",
                        "keep one of the two entries",
                    )
                )
            kpis[kpi.name] = kpi
    if problems:
        raise CatalogueError(problems)
    return kpis


@lru_cache(maxsize=64)
def _content(text: str) -> Any:
    """The content of a YAML text, never to be changed: one command may ask for the catalogue several times."""
    return load(text)


def _read(path: Path, shown: str, problems: list[Problem]) -> list[Kpi]:
    try:
        content = _content(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.append(Problem(shown, line, f"not valid YAML: {error.problem}", "mend the YAML at that line"))
        return []
    models = content.get("models") if isinstance(content, dict) else None
    if not isinstance(models, list):
        problems.append(Problem(shown, 1, "there is no list of models", "begin the file with version: 2 and models:"))
        return []
    return [kpi for model in models if (kpi := _model(model, path, shown, problems)) is not None]


def _model(model: Any, path: Path, shown: str, problems: list[Problem]) -> Kpi | None:
    if not isinstance(model, dict) or not isinstance(model.get("name"), str):
        problems.append(Problem(shown, line_of(model, None), "a model without a name", "write - name: kpi_…"))
        return None
    name, line = model["name"], line_of(model, "name")
    config = model.get("config")
    meta = config.get("meta") if isinstance(config, dict) else None
    entry = meta.get("kpi") if isinstance(meta, dict) else None
    if not isinstance(entry, dict):
        problems.append(
            Problem(shown, line, f"model {name} has no config.meta.kpi", "write the entry under config: meta: kpi:")
        )
        return None
    found: list[Problem] = []
    values = check_entry(entry, model, path, shown, found)
    problems += found
    if found:
        return None
    words = json.dumps(entry, sort_keys=True, ensure_ascii=False, default=str)
    content_hash = _content_hash(words, path.with_name(f"{name}.sql"))
    return Kpi(**values, model=name, path=shown, line=line, content_hash=content_hash, entry=words)


def _content_hash(words: str, source: Path) -> str:
    """SHA-256 of the entry and its SQL: a KPI whose query changed is another KPI, whatever its words still say."""
    query = " ".join(source.read_text(encoding="utf-8").split())
    return hashlib.sha256(f"{words}\n{query}".encode()).hexdigest()
