"""Where packs are kept: `reports/<week>/<audience>/`, with a list of what is there. Packs of a frozen week stay for ever."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from dashboard.reports.content import Content

LIST = "pack.json"
EARLIER = "earlier"


class AlteredPack(Exception):
    """A file of a frozen week's pack is no longer what was rendered. The message names it and says what to do."""


@dataclass(frozen=True)
class Kept:
    """One rendered file: its name, whether its week was frozen, the publication that it shows, its SHA-256, and the
    scope of the readers that it was made for.
    """

    file: str
    week: str
    audience: str
    language: str
    is_frozen: bool
    publication: str
    sha256: str
    scope: str = ""


def folder_of(data: Path, week: str, audience: str) -> Path:
    """The folder of one week's packs for one audience."""
    return data / "reports" / week / audience


def audiences(data: Path) -> list[str]:
    """Names of the audiences that packs of any week are kept for, without those for everybody."""
    found = {path.parent.name for path in (data / "reports").glob(f"*/*/{LIST}")}
    return sorted(found - {"all"})


def file_name(content: Content, extension: str) -> str:
    """`retaguarda_2026-W46_board_pt-BR.pdf`: a name that says what it is when it lies in a mailbox."""
    language = content.readers.language.replace("_", "-")
    return f"retaguarda_{content.week}_{content.readers.name}_{language}.{extension}"


def kept(folder: Path) -> dict[str, Kept]:
    """What a folder holds, by file name; files that were taken away are not in it."""
    try:
        listed = json.loads((folder / LIST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {entry["file"]: Kept(**entry) for entry in listed if (folder / entry["file"]).is_file()}


def is_final(folder: Path, name: str) -> bool:
    """Whether a file belongs to a frozen week, and so stays as it is. Raises AlteredPack where it did not."""
    entry = kept(folder).get(name)
    if entry is None or not entry.is_frozen:
        return False
    if hashlib.sha256((folder / name).read_bytes()).hexdigest() != entry.sha256:
        raise AlteredPack(f"{folder / name} was changed after it was made. Move it away, and make the pack again.")
    return True


def set_aside_of_other_scope(folder: Path, name: str, scope: str) -> None:
    """Put a file away that was made when its audience saw something else: what it shows may not be for them any more.

    It is kept for ever like any other, in a folder that nothing is handed out from.
    """
    entry = kept(folder).get(name)
    if entry is None or entry.scope == scope:
        return
    aside = folder / EARLIER
    aside.mkdir(exist_ok=True)
    (folder / name).replace(aside / f"{entry.sha256[:12]}_{name}")


def put(folder: Path, content: Content, name: str, rendered: bytes) -> Kept:
    """Write one file in one step, and list it."""
    folder.mkdir(parents=True, exist_ok=True)
    entry = Kept(
        name, content.week, content.readers.name, content.readers.language, content.is_frozen,
        content.stamp.publication_id, hashlib.sha256(rendered).hexdigest(), content.readers.scope,
    )  # fmt: skip
    _replace(folder / name, rendered)
    listed = kept(folder) | {name: entry}
    text = json.dumps([asdict(each) for _name, each in sorted(listed.items())], ensure_ascii=False, indent=1)
    _replace(folder / LIST, (text + "\n").encode())
    return entry


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    with beside.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(path)
