"""Mappings of exports that are known: SAP Business One, TOTVS Protheus, Omie, Bling, Conta Azul.

A preset is a mapping file (data/mappings/README.md) with a head that says what it is for, how the export is made, and
which of its field names were checked in which document. None is loaded by itself: `retaguarda map` writes a mapping
from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingestion.contracts import Contract, fold
from ingestion.export_names import is_called
from ingestion.mapping import Mapping as MappingFile
from ingestion.mapping import load_mapping
from ingestion.yaml_places import Place, read_yaml

FOLDER = Path(__file__).parent
KNOWN_SHARE = 0.7  # of a preset's headers: a file that has as many is taken for the preset's
FEWEST_HEADERS = 4
_KEYS = {"system", "label", "export", "checked", "unchecked"}
_CHECKED_KEYS = {"document", "address", "fields"}


@dataclass(frozen=True)
class Preset:
    """One known export. `checked` maps each field to the document where its name stands; `unchecked` are the others."""

    name: str
    system: str
    label: Mapping[str, str]
    export: str
    checked: Mapping[str, str]
    unchecked: tuple[str, ...]
    mapping: MappingFile


def load_presets(contracts: Mapping[str, Contract]) -> dict[str, Preset]:
    """Every preset, by its name (`protheus-payables`), in the order of names.

    Raises ContractError, naming file and line, for one that a contract does not fit any more.
    """
    return {
        path.stem.replace("_", "-"): _read(path, contracts)
        for path in sorted(FOLDER.glob("*.yml"))
    }  # fmt: skip


def preset_of(headers: Iterable[str], presets: Mapping[str, Preset], file_name: str = "") -> Preset | None:
    """The preset whose headers a file has, the most of them; None where none has enough of them there.

    What a company owes and what it is owed have nearly the same headers in some systems: a file whose name says which
    it is has its preset.
    """
    there = {fold(header) for header in headers}
    best: tuple[bool, float, int, Preset] | None = None
    for preset in presets.values():
        named = {fold(header) for header in (*preset.mapping.columns, *preset.mapping.further_headers())}
        found = len(named & there)
        share = found / len(named)
        if found >= FEWEST_HEADERS and share >= KNOWN_SHARE:
            fit = (_is_called(file_name, preset), share, found)
            best = (*fit, preset) if best is None or fit > best[:3] else best
    return best[3] if best else None


def _is_called(file_name: str, preset: Preset) -> bool:
    """Whether a file is called as the preset's export, whatever its format."""
    return is_called(Path(file_name).stem, [Path(glob).stem for glob in preset.mapping.match])


def _read(path: Path, contracts: Mapping[str, Contract]) -> Preset:
    mapping = load_mapping(path, contracts)
    top = read_yaml(path)
    head = top.inner("preset", "preset")
    head.only(_KEYS)
    checked: dict[str, str] = {}
    nodes = head.node.get("checked", [])
    for node in nodes:
        place = Place(path, node, head.line_of("checked"), "checked")
        place.only(_CHECKED_KEYS)
        document = f"{place.text('document')} ({place.text('address')})"
        checked |= dict.fromkeys(place.texts("fields"), document)
    unchecked = head.texts("unchecked") if head.node.get("unchecked") else ()
    label = {language: words[0] for language, words in head.words("label", needed=True).items()}
    return Preset(
        path.stem.replace("_", "-"), head.text("system"), label, head.text("export"), checked, unchecked, mapping
    )
