"""Where everything lies: the project's own files and one company's data folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DATA_VARIABLE = "RETAGUARDA_DATA"
LOCAL_TIMEZONE = "America/Sao_Paulo"
VERSIONS_KEPT = 5


@dataclass(frozen=True)
class DataFolder:
    """The folders and files of one company. Nothing is created until `prepare` is called."""

    root: Path

    @property
    def inbox(self) -> Path:
        """Where exports are dropped for the next refresh."""
        return self.root / "inbox"

    @property
    def archive(self) -> Path:
        """Loaded files, by month."""
        return self.root / "archive"

    @property
    def rejected(self) -> Path:
        """Files rejected whole, by month, each beside its reason."""
        return self.root / "rejected"

    @property
    def held(self) -> Path:
        """Full exports that lack suspiciously many rows, each beside its reason, until somebody confirms them."""
        return self.root / "held"

    @property
    def quarantine(self) -> Path:
        """Quarantined rows, a file for each file that had any: to be mended and loaded again."""
        return self.root / "quarantine"

    @property
    def company(self) -> Path:
        """Label and settings of the company."""
        return self.root / "company.yml"

    @property
    def mappings(self) -> Path:
        """Mapping files for foreign exports."""
        return self.root / "mappings"

    @property
    def connections(self) -> Path:
        """Connection files: databases and APIs, and the book of what was extracted from them."""
        return self.root / "connections"

    @property
    def raw(self) -> Path:
        """The bitemporal raw database: one writer at a time."""
        return self.root / "raw.duckdb"

    @property
    def builds(self) -> Path:
        """Builds that wait to be published, dbt's target folder and logs."""
        return self.root / "builds"

    @property
    def serving(self) -> Path:
        """Published files and the pointer to the current one."""
        return self.root / "serving"

    @property
    def current(self) -> Path:
        """Text file with the name of the published file that readers open."""
        return self.serving / "current"

    @property
    def last_build(self) -> Path:
        """How the last build ended, whether it was published or not."""
        return self.serving / "last_build.json"

    @property
    def pseudonym_key(self) -> Path:
        """The company's own key of pseudonyms, readable by its owner only."""
        return self.root / "pseudonym.key"

    @property
    def lock(self) -> Path:
        """Held by whoever writes: load, build, publish, refresh, demo."""
        return self.root / "refresh.lock"

    def prepare(self) -> DataFolder:
        """Create the folders that are missing; returns itself."""
        for folder in (
            self.inbox,
            self.archive,
            self.rejected,
            self.held,
            self.quarantine,
            self.mappings,
            self.builds,
            self.serving,
        ):
            folder.mkdir(parents=True, exist_ok=True)
        return self


def data_folder(chosen: Path | None) -> DataFolder:
    """The folder chosen on the command line, else of RETAGUARDA_DATA, else ./data."""
    root = chosen or Path(os.environ.get(DATA_VARIABLE) or "data")
    return DataFolder(root.expanduser().resolve())
