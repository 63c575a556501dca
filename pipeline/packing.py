"""`retaguarda pack`: the weekly pack of one audience, rendered from what is published or frozen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from dashboard.published import NothingPublished, current
from dashboard.queries.definitions import business_units
from dashboard.queries.weeks import has_week
from dashboard.reports.content import Readers
from dashboard.reports.pack import FORMATS, latest_week, make
from dashboard.reports.page_pdf import PrinterMissing
from dashboard.reports.shelf import AlteredPack
from dashboard.reports.weeks import week_name
from pipeline.audiences import audience as read_audience
from pipeline.failures import ExitCode, Failure
from pipeline.progress import Narrator
from pipeline.settings import DataFolder
from pipeline.snapshot_files import frozen_weeks
from pipeline.snapshot_verifying import damage_of
from pipeline.snapshot_weeks import Week


@dataclass(frozen=True)
class Packed:
    """The files of a pack."""

    week: str
    audience: str
    language: str
    files: tuple[tuple[Path, bool], ...]
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        files = [{"path": str(path), "is_new": is_new} for path, is_new in self.files]
        return {
            "week": self.week, "audience": self.audience, "language": self.language, "files": files,
            "seconds": round(self.seconds, 2),
        }  # fmt: skip


def chosen_formats(text: str) -> tuple[str, ...]:
    """`html,pdf` as formats. Raises Failure for an unknown one."""
    names = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        raise Failure(
            f'There is no format "{", ".join(unknown)}".', f"Choose among: {','.join(FORMATS)}.", ExitCode.USAGE
        )
    return names


def pack(
    folder: DataFolder,
    narrator: Narrator,
    *,
    week: str | None = None,
    audience: str | None = None,
    language: str | None = None,
    formats: str = ",".join(FORMATS),
    output: Path | None = None,
) -> Packed:
    """Render the pack of a week, by default of the latest complete one, for an audience, by default for everybody."""
    began = monotonic()
    wanted = chosen_formats(formats)
    readers = readers_of(folder, audience, language)
    try:
        publication = current(folder.root)
    except NothingPublished as error:
        raise Failure(str(error), "Run `retaguarda refresh`.", ExitCode.NOTHING_PUBLISHED) from error
    start = Week.parse(week).start if week else latest_week(publication)
    if start is None:
        raise Failure("No complete week is published yet.", "Load a week of data and run `retaguarda refresh`.")
    if not has_week(publication, start):
        raise Failure(
            f"Nothing is published of week {week_name(start)}.", "Choose a week that has figures.", ExitCode.USAGE
        )
    _refuse_damage(folder, week_name(start))
    units = business_units(publication)
    unknown = [unit for unit in readers.units if unit not in units]
    if unknown:
        known = ", ".join(units)
        raise Failure(f'There is no business unit "{unknown[0]}".', f"Published are: {known}.", ExitCode.USAGE)
    try:
        made = make(publication, folder.root, start, readers, wanted, output)
    except PrinterMissing as error:
        raise Failure(str(error), "Or leave the PDF out: `--format html,xlsx,pptx`.") from error
    except AlteredPack as error:
        raise Failure(str(error), "Packs of a frozen week are kept unchanged.") from error
    for file in made:
        narrator.say(f"{file.path}" + ("" if file.is_new else "  (kept: the week is frozen)"))
    files = tuple((file.path, file.is_new) for file in made)
    return Packed(week_name(start), readers.name, readers.language, files, monotonic() - began)


def readers_of(folder: DataFolder, audience: str | None, language: str | None = None) -> Readers:
    """Who a pack is for, and what they may see: an audience, or everybody. Raises Failure for an unknown audience."""
    if audience is None:
        return Readers(language=language or "pt_BR")
    found = read_audience(folder, audience)
    return Readers(found.name, language or found.language, found.areas, found.units, found.restricted)


def _refuse_damage(folder: DataFolder, week: str) -> None:
    """A frozen week that is no longer what was frozen is told, never shown."""
    for frozen in frozen_weeks(folder):
        damage = damage_of(frozen) if frozen.path.name == week else []
        if damage:
            found = damage[0]
            raise Failure(
                f"Frozen week {week}, {found.file}: {found.message}.", "`retaguarda verify` says more; restore it."
            )
