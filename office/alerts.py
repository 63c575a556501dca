"""What each audience of alerts was told: the conditions that last, and the news that wait to be sent."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from office.store import Office, instant

STATE_COLUMNS = "key, topic, variant, level, since, last_period, clear_period"


@dataclass(frozen=True)
class State:
    """A condition that was told and lasts. `last_period` is the last period (its first day) in which it was there,
    `clear_period` the first one after it in which it was not; both are None where it has no periods.
    """

    key: str
    topic: str
    variant: str
    level: int
    since: str
    last_period: str | None
    clear_period: str | None


@dataclass(frozen=True)
class News:
    """Something that waits to be sent: what it is about, what happened, and the line in the audience's language."""

    key: str
    topic: str
    change: str
    line: Mapping[str, Any]


def states(office: Office, audience: str) -> dict[str, State] | None:
    """What an audience was told and lasts, by key; None for an audience that is new."""
    with office.reading() as connection:
        known = connection.execute("select 1 from alert_audiences where audience = ?", (audience,)).fetchone()
        rows = connection.execute(
            f"select {STATE_COLUMNS} from alert_states where audience = ?",  # noqa: S608
            (audience,),
        ).fetchall()
    return {row["key"]: State(*row) for row in rows} if known else None


def keep(office: Office, audience: str, states: Iterable[State], news: Sequence[News]) -> None:
    """Replace the states of an audience, and let its news wait: all of it, or nothing.

    News that undo news which still wait take them away: what came and went in quiet hours is not told.
    """
    moment = instant()
    with office.writing() as connection:
        connection.execute("insert or ignore into alert_audiences values (?, ?)", (audience, moment))
        connection.execute("delete from alert_states where audience = ?", (audience,))
        connection.executemany(
            f"insert into alert_states (audience, {STATE_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            [(audience, *asdict(state).values()) for state in states],
        )
        for one in news:
            _add(connection, audience, one, moment)


def waiting(office: Office, audience: str) -> list[News]:
    """The news of an audience that wait, oldest first."""
    with office.reading() as connection:
        rows = connection.execute(
            "select key, topic, change, line from alert_news where audience = ? order by news_id", (audience,)
        ).fetchall()
    return [_news(row) for row in rows]


def audiences_waiting(office: Office) -> list[str]:
    """The audiences that have news waiting."""
    with office.reading() as connection:
        rows = connection.execute("select distinct audience from alert_news order by audience").fetchall()
    return [row["audience"] for row in rows]


def forget_others(office: Office, audiences: Iterable[str]) -> None:
    """Forget what every other audience was told, and its news: it is gone, or asks for alerts no more."""
    present = json.dumps(list(audiences))
    with office.reading() as connection:
        gone = connection.execute(
            "select audience from alert_audiences where audience not in (select value from json_each(?))", (present,)
        ).fetchall()
    if gone:
        with office.writing() as connection:  # states and news go with their audience
            connection.executemany("delete from alert_audiences where audience = ?", [tuple(row) for row in gone])


def take_batch(office: Office, audience: str) -> tuple[str, bool, list[News]]:
    """The news of an audience that are to be sent as one message, under a name that stays theirs until `drop_batch`.

    With them, whether the audience's alerts begin with this message. A process that dies between the two leaves the
    same batch to the next one, whose messages the outbox then knows.
    """
    with office.writing() as connection:
        open_batch = connection.execute(
            "select batch from alert_news where audience = ? and batch is not null limit 1", (audience,)
        ).fetchone()
        batch = open_batch["batch"] if open_batch else secrets.token_hex(8)
        if not open_batch:
            connection.execute("update alert_news set batch = ? where audience = ?", (batch, audience))
        rows = connection.execute(
            "select key, topic, change, line, noted_at = first_seen_at as is_first from alert_news "
            "join alert_audiences using (audience) where batch = ? order by news_id",
            (batch,),
        ).fetchall()
    return batch, any(row["is_first"] for row in rows), [_news(row) for row in rows]


def drop_batch(office: Office, batch: str) -> None:
    """The messages of a batch are in the outbox."""
    with office.writing() as connection:
        connection.execute("delete from alert_news where batch = ?", (batch,))


def _add(connection: sqlite3.Connection, audience: str, news: News, moment: str) -> None:
    undone = connection.execute(
        "delete from alert_news where audience = ? and key = ? and batch is null returning change", (audience, news.key)
    ).fetchall()
    is_untold = any(row["change"] == "new" for row in undone)
    if is_untold and news.change == "recovered":
        return
    change = "new" if is_untold else news.change
    connection.execute(
        "insert into alert_news (audience, key, topic, change, line, noted_at) values (?, ?, ?, ?, ?, ?)",
        (audience, news.key, news.topic, change, json.dumps(dict(news.line), ensure_ascii=False), moment),
    )


def _news(row: sqlite3.Row) -> News:
    return News(row["key"], row["topic"], row["change"], json.loads(row["line"]))
