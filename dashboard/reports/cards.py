"""A notice as the JSON that chats take: Slack's Block Kit, and Teams' Adaptive Card as its Workflows app expects it."""

from __future__ import annotations

import json
from contextvars import copy_context
from typing import Any

from dashboard.language import activate, plural
from dashboard.reports.notices import Line, Notice

# Limits of the receivers, with room to spare: Slack refuses a section of more than 3,000 characters, a header of more
# than 150, more than 50 blocks, and messages of about 13,000 characters; Teams refuses more than 28 KB.
LONGEST_HEADER = 150
LONGEST_SECTION = 2800
LONGEST_NAME, LONGEST_TEXT = 200, 500  # before reserved characters are written out
MOST_SLACK_BYTES = 10_000
MOST_TEAMS_BYTES = 18_000
MARKDOWN = str.maketrans({sign: f"\\{sign}" for sign in "\\*_`[]()#~>|"})


def slack_card(notice: Notice) -> dict[str, Any]:
    """The body of a request to an incoming webhook of Slack. `text` is what a telephone's notification shows."""
    return _fitting(notice, _slack, MOST_SLACK_BYTES)


def teams_card(notice: Notice) -> dict[str, Any]:
    """The body of a request to a webhook of Teams' Workflows app."""
    return _fitting(notice, _teams, MOST_TEAMS_BYTES)


CARDS = {"slack": slack_card, "teams": teams_card}


def _fitting(notice: Notice, made, most_bytes: int) -> dict[str, Any]:
    """The card with as many lines as the receiver takes; what is left out is counted."""
    shown = list(notice.lines)
    while True:
        card = made(notice, shown, copy_context().run(_left_out, len(notice.lines) - len(shown), notice.language))
        if len(json.dumps(card).encode()) <= most_bytes or not shown:
            return card
        shown.pop()


def _left_out(count: int, language: str) -> str:
    activate(language)
    return plural("And {count} more.", "And {count} more.", count).format(count=count) if count else ""


def _slack(notice: Notice, lines: list[Line], more: str) -> dict[str, Any]:
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": _short(notice.title, LONGEST_HEADER), "emoji": False}}
    ]
    if notice.status:
        blocks.append(_context([_escaped(notice.status)]))
    sentences = [_slack_line(line) for line in lines] or ([_escaped(notice.nothing)] if notice.nothing else [])
    paragraphs = _paragraphs([*sentences, *([more] if more else [])])
    blocks += [{"type": "section", "text": {"type": "mrkdwn", "text": paragraph}} for paragraph in paragraphs]
    if notice.notes:
        blocks.append(_context([_escaped(_short(note, LONGEST_TEXT)) for note in notice.notes[:10]]))
    if notice.link:
        button = {
            "type": "button", "text": {"type": "plain_text", "text": _short(notice.link.words, 75)},
            "url": notice.link.address,
        }  # fmt: skip
        blocks.append({"type": "actions", "elements": [button]})
    # A message of links should not unfold into pictures of pages that ask for a password.
    return {"text": _escaped(_summary(notice)), "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def _slack_line(line: Line) -> str:
    name = _escaped(_short(line.name, LONGEST_NAME))
    if line.link:
        name = f"<{line.link}|{name}>"  # bold around the link: inside it the asterisks would stand as they are
    return f"{line.sign} *{name}*: {_escaped(_short(line.sentence, LONGEST_TEXT))}".strip()


def _paragraphs(texts: list[str]) -> list[str]:
    """Lines gathered into as few sections as their limit allows."""
    found: list[str] = []
    for text in texts:
        if found and len(found[-1]) + len(text) + 1 <= LONGEST_SECTION:
            found[-1] += f"\n{text}"
        else:
            found.append(text)
    return found


def _context(texts: list[str]) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text} for text in texts]}


def _escaped(text: str) -> str:
    """Slack's three reserved characters, so that a name cannot call a whole channel (`<!channel>`) or make a link."""
    return _plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("*", "∗")


def _teams(notice: Notice, lines: list[Line], more: str) -> dict[str, Any]:
    body: list[dict[str, Any]] = [_block(notice.title, size="Large", weight="Bolder", style="heading")]
    if notice.status:
        body.append(_block(notice.status, isSubtle=True, spacing="None"))
    body += [_raw_block(_teams_line(line)) for line in lines] or ([_block(notice.nothing)] if notice.nothing else [])
    if more:
        body.append(_block(more))
    body += [_block(note, isSubtle=True, size="Small") for note in notice.notes]
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": _plain(_summary(notice)),
        "lang": notice.language.replace("_", "-"),
        "msteams": {"width": "Full"},
        "body": body,
    }
    if notice.link:
        card["actions"] = [{"type": "Action.OpenUrl", "title": notice.link.words, "url": notice.link.address}]
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _teams_line(line: Line) -> str:
    name = f"**{_marked(_short(line.name, LONGEST_NAME))}**"
    if line.link:
        name = f"[{name}]({line.link})"
    return f"{line.sign} {name}: {_marked(_short(line.sentence, LONGEST_TEXT))}".strip()


def _marked(text: str) -> str:
    return _plain(text).translate(MARKDOWN)


def _block(text: str, **properties: Any) -> dict[str, Any]:
    return _raw_block(_marked(text), **properties)


def _raw_block(text: str, **properties: Any) -> dict[str, Any]:
    return {"type": "TextBlock", "text": text, "wrap": True, **properties}


def _summary(notice: Notice) -> str:
    first = f": {notice.lines[0].name}, {notice.lines[0].sentence}" if notice.lines else ""
    return _short(f"{notice.title}{first}", 300)


def _plain(text: str) -> str:
    """One line without characters that steer a terminal or a page."""
    return " ".join(
        "".join(sign if sign.isprintable() or sign in "\n\t\u00a0\u202f" else " " for sign in text).split("\n")
    )


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
