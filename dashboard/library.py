"""Finding a KPI in the library: every word asked for must be in its texts, whatever their accents and language."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from dashboard import vocabulary
from dashboard.language import LANGUAGES, messages
from dashboard.queries.definitions import Definition

EVERY = "all"


def folded(text: str) -> str:
    """Lower case without accents: `Prazo médio` and `prazo medio` are the same."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def found(
    catalogue: Mapping[str, Definition], texts: Mapping[str, str], wanted: str, area: str = EVERY, kind: str = EVERY
) -> list[Definition]:
    """The KPIs that answer, in the catalogue's order; those with the words in their label come first."""
    words = folded(wanted).split()
    chosen = [
        kpi
        for name, kpi in catalogue.items()
        if area in (EVERY, kpi.area) and kind in (EVERY, kpi.kind) and _has(words, kpi, texts.get(name, ""))
    ]
    return sorted(chosen, key=lambda kpi: not all(word in folded(kpi.label) for word in words)) if words else chosen


def _has(words: list[str], kpi: Definition, text: str) -> bool:
    if not words:
        return True
    said = [text, *_in_every_language(vocabulary.AREAS.get(kpi.area, kpi.area))]
    said += _in_every_language(vocabulary.KINDS.get(kpi.kind, kpi.kind))
    haystack = folded("\n".join(said))
    return all(word in haystack for word in words)


def _in_every_language(text: str) -> list[str]:
    return [messages(language).get(text, text) for language in LANGUAGES]
