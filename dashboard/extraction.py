"""Keep the catalogues in step with the source: `python -m dashboard.extraction` adds new texts and drops unused ones.

Texts are found in the syntax tree, so that calls inside f-strings count too (gettext's own extractors miss those before
Python 3.12). The two forms of a plural are two entries: which one is shown is decided in `language.plural`.
"""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from dashboard.language import LOCALE_FOLDER, messages

SOURCE = Path(__file__).parent
CALLS = {"_": 1, "N_": 1, "plural": 2}  # function → how many of its first arguments are texts
TRANSLATED = ("pt_BR",)


def source_texts(folder: Path = SOURCE) -> dict[str, set[str]]:
    """Every text marked for translation, with the files that it stands in (relative, POSIX)."""
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS):
                continue
            for argument in node.args[: CALLS[node.func.id]]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    found.setdefault(argument.value, set()).add(path.relative_to(folder.parent).as_posix())
    return found


def update(code: str) -> list[str]:
    """Rewrite the catalogue of a language and return the texts that still need a translation."""
    known = messages(code)
    day = datetime(2026, 1, 1, tzinfo=UTC)  # fixed: a rewrite without changes leaves the file as it was
    catalogue = Catalog(
        locale=code, domain="dashboard", project="Retaguarda", version="1", last_translator="Retaguarda",
        language_team=code, header_comment=f"# Texts of the dashboard: {code}.", msgid_bugs_address="",
        creation_date=day, revision_date=day, fuzzy=False,
    )  # fmt: skip
    for text, places in sorted(source_texts().items()):
        catalogue.add(text, known.get(text, ""), locations=[(place, 0) for place in sorted(places)])
    path = LOCALE_FOLDER / code / "LC_MESSAGES" / "dashboard.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, include_lineno=False)
    return [text for text in source_texts() if text not in known]


def main() -> None:
    """Update every catalogue and name what is left to translate."""
    for code in TRANSLATED:
        missing = update(code)
        print(f"{code}: {len(missing)} texts to translate", *missing, sep="\n  ")  # noqa: T201 - a command line


if __name__ == "__main__":
    main()
