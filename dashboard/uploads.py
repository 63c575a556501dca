"""Uploaded files: kept in a hidden folder of the inbox, which no refresh takes, until they are loaded or dismissed.

The inbox is the only place that pages write to. Off unless the server was started with uploads.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dashboard.published import data_folder

ENABLED_VARIABLE = "RETAGUARDA_UPLOADS"
SIZE_VARIABLE = "RETAGUARDA_UPLOAD_MEGABYTES"
USUAL_MEGABYTES = 200
KEPT_SECONDS = 24 * 3600
LONGEST_NAME = 120
_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Upload:
    """One uploaded file that waits; `token` names it in the address of the page."""

    token: str
    path: Path


def are_enabled() -> bool:
    """Whether readers may load files here."""
    return os.environ.get(ENABLED_VARIABLE, "").strip().lower() in ("on", "1", "true", "yes")


def largest_megabytes() -> int:
    """The largest file that is taken, in megabytes."""
    text = os.environ.get(SIZE_VARIABLE, "")
    return int(text) if text.isdigit() and int(text) else USUAL_MEGABYTES


def inbox() -> Path:
    """Where exports are dropped for the next refresh."""
    return data_folder() / "inbox"


def waiting() -> Path:
    """The hidden folder of uploads."""
    return inbox() / ".uploads"


def safe_name(name: str) -> str:
    """The name of a file without folders, control characters and a leading dot; never empty."""
    bare = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    bare = "".join(mark for mark in bare if mark.isprintable() and mark not in '<>:"|?*').strip(" .")
    stem, dot, suffix = bare.rpartition(".")
    if not dot:
        return bare[:LONGEST_NAME] or "export"
    return f"{stem[: LONGEST_NAME - len(suffix[:10]) - 1]}.{suffix[:10]}"


def keep(name: str, content: BinaryIO) -> Upload:
    """Keep an uploaded file and forget those that nobody came back to for a day. Raises OSError where it cannot be kept."""
    forget_old()
    token = secrets.token_hex(16)
    folder = waiting() / token
    folder.mkdir(parents=True)
    place = folder / safe_name(name)
    part = folder / ".part"
    with part.open("wb") as target:
        shutil.copyfileobj(content, target)
    part.rename(place)
    return Upload(token, place)


def find(token: str) -> Upload | None:
    """The upload of a token; None for a token that is none, or whose file is gone."""
    if not _TOKEN.fullmatch(token):
        return None
    folder = waiting() / token
    files = [path for path in sorted(folder.glob("*")) if path.is_file() and not path.name.startswith(".")]
    return Upload(token, files[0]) if files else None


def take_in(upload: Upload) -> Path:
    """Move an upload into the inbox, under another name where its own is taken; returns its place."""
    place = inbox() / upload.path.name
    number = 1
    while place.exists():
        number += 1
        place = inbox() / f"{upload.path.stem}_{number}{upload.path.suffix}"
    upload.path.rename(place)
    dismiss(upload)
    return place


def dismiss(upload: Upload) -> None:
    """Forget an upload."""
    shutil.rmtree(waiting() / upload.token, ignore_errors=True)


def forget_old() -> None:
    """Forget uploads that nobody came back to for a day."""
    for folder in waiting().glob("*"):
        if _TOKEN.fullmatch(folder.name) and time.time() - folder.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
