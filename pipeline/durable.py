"""Files that survive a crash: written beside, forced to disk, then put in place in one step."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


def force_to_disk(path: Path) -> None:
    """Flush one file or folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_text(path: Path, text: str) -> None:
    """Replace a small text file atomically: a reader sees the old text or the new, never a part."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    with beside.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(path)
    force_to_disk(path.parent)


def write_json(path: Path, content: Any) -> None:
    """Replace a JSON file atomically. Dates and paths become text."""
    write_text(path, json.dumps(content, ensure_ascii=False, indent=2, default=str) + "\n")


def read_json(path: Path) -> dict[str, Any] | None:
    """The object in a JSON file; None when the file is absent or damaged (the caller then rebuilds it)."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError, UnicodeDecodeError):
        return None
    return content if isinstance(content, dict) else None
