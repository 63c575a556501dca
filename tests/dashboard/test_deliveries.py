"""The page of weeks says how far a pack has come, and to nobody whose address it is."""

from __future__ import annotations

import shutil
from pathlib import Path

from dashboard.published import Publication
from dashboard.queries import snapshots
from office import outbox
from office.messages import Draft
from office.store import Office
from tests.dashboard.visiting import texts, visit


def test_how_far_the_pack_of_a_week_has_come(demo_data: Path, publication: Publication, tmp_path: Path) -> None:
    week = snapshots.snapshots(publication)[0].week
    for name in ("serving", "snapshots"):
        shutil.copytree(demo_data / name, tmp_path / name)
    office = Office(tmp_path)
    outbox.enqueue(
        office, [Draft("pack", "board", "email", f"reader{n}@example.com", f"key {n}", week) for n in range(4)]
    )
    for outcome in (outbox.mark_sent, outbox.mark_sent, outbox.mark_uncertain):
        message = outbox.claim(office)
        assert message is not None
        outcome(office, message, "an answer")
    text = "\n".join(texts(visit(tmp_path, "weekly", lang="en", week=week, view="archive")))
    assert "board: 2 of 4" not in text  # only where the week itself is read
    text = "\n".join(texts(visit(tmp_path, "weekly", lang="en", week=week)))
    assert "board: 2 of 4 (1 waiting, :orange[1 uncertain])" in text
    assert "example.com" not in text
    assert "2 de 4 (1 esperando, :orange[1 incerta])" in "\n".join(texts(visit(tmp_path, "weekly", week=week)))
