"""Secrets are named in a connection, never written into it: an environment variable, or a file only its owner reads."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ingestion.yaml_places import ContractError, Place

_OTHERS_MAY_READ = 0o077


@dataclass(frozen=True)
class Secret:
    """Where a secret is kept. Its text is read when it is used and is in no `repr`, log or message."""

    environment: str | None = None
    file: Path | None = None

    @property
    def place(self) -> str:
        """Where the secret is expected, for messages."""
        return f"the environment variable {self.environment}" if self.environment else f"the file {self.file}"

    def reveal(self) -> str:
        """The secret's text, without a line break at its end. Raises ContractError where there is none."""
        if self.environment:
            text = os.environ.get(self.environment, "")
        elif self.file is None:
            text = ""
        else:
            try:
                text = self.file.read_text(encoding="utf-8").rstrip("\r\n")
            except OSError as error:
                raise ContractError(
                    f"{self.place} cannot be read: {error.strerror}. Create it, readable by its owner only."
                ) from error
            if os.name == "posix" and self.file.stat().st_mode & _OTHERS_MAY_READ:
                raise ContractError(f"{self.place} can be read by others. Close it: chmod 600 {self.file}")
        if not text:
            raise ContractError(f"{self.place} is empty or not set. Put the secret there.")
        return text


def secret_at(place: Place, key: str) -> Secret:
    """The secret named under `key`: {environment: NAME} or {file: PATH}, a path being relative to the connection file.

    Raises ContractError for a secret written out, and for any other shape.
    """
    if not isinstance(place.node.get(key), dict):
        raise place.error(
            f'{place.what}: "{key}" must say where the secret is: {{environment: NAME}} or {{file: PATH}}', key
        )
    inner = place.inner(key, f"{place.what}, {key}")
    inner.only({"environment", "file"})
    if len(inner.node) != 1:
        raise place.error(f'{place.what}: "{key}" needs either "environment" or "file"', key)
    if "environment" in inner.node:
        return Secret(environment=inner.text("environment"))
    return Secret(file=(place.path.parent / inner.text("file")).resolve())
