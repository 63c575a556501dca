"""Is everything here that a refresh and the pages need? Each check with its remedy."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

from ingestion.yaml_places import ContractError
from pipeline.durable import read_json
from pipeline.failures import Failure
from pipeline.published_files import open_published, published_path
from pipeline.settings import LOCAL_TIMEZONE, PROJECT_ROOT, DataFolder

GIBIBYTE = 1024**3
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Check:
    """One finding. `state`: ok, warning (something will be missing) or failed (something will not work)."""

    name: str
    state: str
    finding: str
    remedy: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def examine(folder: DataFolder) -> list[Check]:
    """Every check, in the order of a refresh. Never raises: a check that breaks is a failed check."""
    checks: tuple[tuple[str, Callable[[DataFolder], Iterator[Check]]], ...] = (
        ("python", check_python),
        ("data folder", check_folder),
        ("disk", check_disk),
        ("timezone", check_timezone),
        ("dbt", check_dbt),
        ("contracts and mappings", check_descriptions),
        ("targets", check_targets),
        ("raw", check_raw),
        ("published file", check_published),
        ("last build", check_last_build),
        ("freshness", check_freshness),
        ("delivery", check_delivery),
        ("runs", check_runs),
        ("browser", check_browser),
    )
    found: list[Check] = []
    for name, check in checks:
        try:
            found.extend(check(folder))
        except Failure as failure:
            found.append(Check(name, "failed", failure.message, failure.remedy))
        except Exception as error:  # a broken installation breaks in any way
            found.append(Check(name, "failed", f"{type(error).__name__}: {error}", "Run `make setup` again."))
    return found


def check_python(folder: DataFolder) -> Iterator[Check]:
    """The interpreter of this environment (an older one than 3.11 could not have been installed)."""
    yield Check("python", "ok", f"{'.'.join(map(str, sys.version_info[:3]))} at {sys.executable}")


def check_folder(folder: DataFolder) -> Iterator[Check]:
    """The data folder exists, or can be made, and may be written."""
    existing = next(path for path in (folder.root, *folder.root.parents) if path.exists())
    if not os.access(existing, os.W_OK | os.X_OK):
        yield Check("data folder", "failed", f"{existing} is not writable", "Give this user the right to write there.")
    else:
        yield Check("data folder", "ok", str(folder.root) if folder.root.exists() else f"{folder.root} (will be made)")


def check_disk(folder: DataFolder) -> Iterator[Check]:
    """Room for another build: three times what raw takes, at least one gibibyte."""
    existing = next(path for path in (folder.root, *folder.root.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    needed = max(GIBIBYTE, 3 * folder.raw.stat().st_size if folder.raw.exists() else 0)
    finding = f"{free / GIBIBYTE:.1f} GiB free, {needed / GIBIBYTE:.1f} GiB wanted"
    remedy = "Free some room, or move the folder with --data."
    yield Check("disk", "ok" if free >= needed else "warning", finding, "" if free >= needed else remedy)


def check_timezone(folder: DataFolder) -> Iterator[Check]:
    """The company's timezone is known here."""
    try:
        ZoneInfo(LOCAL_TIMEZONE)
    except ZoneInfoNotFoundError:
        yield Check("timezone", "failed", f"{LOCAL_TIMEZONE} is unknown", "Install tzdata (system or Python package).")
    else:
        yield Check("timezone", "ok", LOCAL_TIMEZONE)


def check_dbt(folder: DataFolder) -> Iterator[Check]:
    """dbt, its DuckDB adapter and the project are here."""
    missing = [name for name in ("dbt", "dbt.adapters.duckdb") if importlib.util.find_spec(name) is None]
    if missing:
        yield Check("dbt", "failed", f"{', '.join(missing)} missing", "Run `make setup`.")
    elif not (PROJECT_ROOT / "dbt_project.yml").exists():
        yield Check("dbt", "failed", f"{PROJECT_ROOT} has no dbt_project.yml", "Run from the whole repository.")
    else:
        from importlib.metadata import version

        yield Check("dbt", "ok", f"{version('dbt-core')} with dbt-duckdb {version('dbt-duckdb')}")


def check_descriptions(folder: DataFolder) -> Iterator[Check]:
    """Contracts, KPI catalogue and the company's mappings are valid."""
    from ingestion.contracts import load_contracts
    from ingestion.mapping import load_mapping
    from kpis.catalogue import load_catalogue

    contracts = load_contracts(PROJECT_ROOT)
    yield Check("contracts", "ok", f"{len(contracts)} tables")
    yield Check("catalogue", "ok", f"{len(load_catalogue(PROJECT_ROOT))} KPIs")
    mappings = sorted(folder.mappings.glob("*.y*ml"))
    for path in mappings:
        load_mapping(path, contracts)
    yield Check("mappings", "ok", f"{len(mappings)} files")


def check_targets(folder: DataFolder) -> Iterator[Check]:
    """The dated targets, the project's and the company's own, are valid."""
    from kpis.catalogue import load_catalogue
    from pipeline.company_targets import company_targets

    targets = company_targets(folder, load_catalogue(PROJECT_ROOT))
    yield Check("targets", "ok", f"{targets.height} of {targets['kpi'].n_unique()} KPIs")


def check_raw(folder: DataFolder) -> Iterator[Check]:
    """The raw database opens."""
    if not folder.raw.exists():
        yield Check(
            "raw", "warning", "nothing has been loaded yet", "Run `retaguarda load PATH`, or `retaguarda demo`."
        )
        return
    try:
        connection = duckdb.connect(str(folder.raw), read_only=True)
    except duckdb.Error as error:
        busy = "lock" in str(error).lower()
        remedy = "Wait, or close the program that has it open." if busy else "Restore it from a backup, or load again."
        yield Check("raw", "warning" if busy else "failed", str(error).splitlines()[0], remedy)
        return
    try:
        files = connection.execute("select count(*) from load.files").fetchall()[0][0]
    finally:
        connection.close()
    yield Check("raw", "ok", f"{files} files loaded, {folder.raw.stat().st_size / 1024**2:.0f} MiB")


def check_published(folder: DataFolder) -> Iterator[Check]:
    """There is a published file, and it opens."""
    if not folder.current.exists():
        yield Check("published file", "warning", "nothing has been published yet", "Run `retaguarda refresh`.")
        return
    connection = open_published(folder)
    try:
        as_of = connection.execute("select as_of_date from meta.publication").fetchall()[0][0]
    finally:
        connection.close()
    yield Check("published file", "ok", f"{published_path(folder).name}, as of {as_of}")


def check_last_build(folder: DataFolder) -> Iterator[Check]:
    """The last build was published."""
    last = read_json(folder.last_build)
    if last and last["state"] == "failed":
        yield Check("last build", "warning", last["reason"], "Mend it and run `retaguarda refresh`.")
    elif last:
        yield Check("last build", "ok", f"published {last['finished_at']} UTC")


def check_freshness(folder: DataFolder) -> Iterator[Check]:
    """Every source was loaded as often as its contract wants."""
    if not folder.current.exists():
        return
    connection = open_published(folder)
    try:
        late = connection.execute(
            "select source || '.' || table_name from meta.source_freshness where state = 'stale' order by 1"
        ).fetchall()
    finally:
        connection.close()
    if late:
        yield Check("freshness", "warning", f"late: {', '.join(name for (name,) in late)}", "Load newer exports.")
    else:
        yield Check("freshness", "ok", "every source that is used is fresh")


def check_delivery(folder: DataFolder) -> Iterator[Check]:
    """Audiences, the settings that they need, and the secrets that these name. Nothing is connected to."""
    from pipeline.audiences import read_audiences
    from pipeline.delivery_settings import read_delivery_settings, refuse_unsendable

    settings, audiences = read_delivery_settings(folder), read_audiences(folder)
    refuse_unsendable(settings, audiences.values())
    for secret in settings.secrets:
        try:
            secret.reveal()
        except ContractError as error:
            yield Check("delivery", "failed", str(error), "docs/delivery.md says where secrets are kept.")
            return
    recipients = sum(len(one.addresses) + len(one.webhooks) for one in audiences.values())
    yield Check("delivery", "ok", f"{len(audiences)} audiences, {recipients} recipients")


def check_runs(folder: DataFolder) -> Iterator[Check]:
    """How the last run ended; silent where nothing has run yet."""
    from office import runs
    from office.store import Office

    for last in runs.listed(Office(folder.root), limit=1, command="run"):
        finding = f"the last run began {last.started_at[:16]} UTC: {last.state}"
        if last.state in (runs.FAILED, runs.KILLED):
            yield Check("runs", "warning", f"{finding}. {last.message}".strip(), "The data page lists all runs.")
        else:
            yield Check("runs", "ok", finding)


def check_browser(folder: DataFolder) -> Iterator[Check]:
    """Chromium, which only the browser tests need."""
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if found:
        yield Check("browser", "ok", str(Path(found)))
    else:
        yield Check("browser", "warning", "no Chromium", "Only browser tests need it: `apt-get install chromium`.")
