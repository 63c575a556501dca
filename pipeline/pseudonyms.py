"""The key that pseudonyms of personal data are made with: each company's own, so that nobody can guess them back."""

from __future__ import annotations

import os
import secrets

from pipeline.settings import DataFolder

VARIABLE = "RETAGUARDA_PSEUDONYM_KEY"


def pseudonym_key(folder: DataFolder) -> str:
    """The key in RETAGUARDA_PSEUDONYM_KEY, else the folder's own, drawn at random by the first build.

    A lost key changes every pseudonym and nothing else. Without a key of its own a CPF could be found by trying all.
    """
    given = os.environ.get(VARIABLE)
    if given:
        return given
    path = folder.pseudonym_key
    try:
        # Exclusive: of two builds that begin at once, the second takes the key of the first.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        key = secrets.token_hex(16)
        stream.write(key + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    return key
