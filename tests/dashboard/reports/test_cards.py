"""Cards for chats: within the receivers' limits, and no name can call a channel or make a link."""

from __future__ import annotations

import json

import pytest

from dashboard import language
from dashboard.reports.cards import MOST_SLACK_BYTES, MOST_TEAMS_BYTES, slack_card, teams_card
from dashboard.reports.letter import Letter
from dashboard.reports.notice_letter import notice_letter
from dashboard.reports.notices import Line, Link, Notice

HOSTILE = "<!channel> *bold* [click](https://evil.example) & <script>\n# x"
LINE = Line(
    "worse", "Prazo de pagamento", "32 dias, acima dos limites há 4 semanas.", "https://numbers.example.com/kpi"
)
NOTICE = Notice(
    "Aurora · sem. 46/2026",
    "pt_BR",
    "Congelado.",
    (LINE,),
    "Nada.",
    ("Nota.",),
    Link("Abrir", "https://numbers.example.com/"),
)


@pytest.fixture(autouse=True)
def other_language() -> None:
    language.activate("pt_BR")  # a card speaks its notice's language, whatever is active


def body_of(card: dict) -> dict:
    """The card inside the envelope that Teams' Workflows app unwraps."""
    assert card["type"] == "message"
    (attachment,) = card["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    return attachment["content"]


def test_slack() -> None:
    card = slack_card(NOTICE)
    assert card["text"] == "Aurora · sem. 46/2026: Prazo de pagamento, 32 dias, acima dos limites há 4 semanas."
    assert [block["type"] for block in card["blocks"]] == ["header", "context", "section", "context", "actions"]
    assert card["blocks"][2]["text"]["text"] == (
        "■ *<https://numbers.example.com/kpi|Prazo de pagamento>*: 32 dias, acima dos limites há 4 semanas."
    )
    assert card["blocks"][-1]["elements"][0]["url"] == "https://numbers.example.com/"


def test_teams() -> None:
    content = body_of(teams_card(NOTICE))
    assert (content["type"], content["version"]) == ("AdaptiveCard", "1.4")
    assert "■ [**Prazo de pagamento**](https://numbers.example.com/kpi): 32 dias" in content["body"][2]["text"]
    assert content["actions"] == [{"type": "Action.OpenUrl", "title": "Abrir", "url": "https://numbers.example.com/"}]


def test_names_stay_names() -> None:
    notice = Notice(HOSTILE, "en", HOSTILE, (Line("worse", HOSTILE, HOSTILE),), notes=(HOSTILE,))
    slack = json.dumps(slack_card(notice))
    assert "<!channel>" not in slack.replace(
        json.dumps(HOSTILE.split("\n")[0])[1:-1], "", 1
    )  # the header is plain text
    assert all("<" not in block["text"]["text"] for block in slack_card(notice)["blocks"] if block["type"] == "section")
    texts = [block["text"] for block in body_of(teams_card(notice))["body"]]
    assert all("](https" not in text for text in texts)
    assert all(not text.startswith("#") and "\n" not in text for text in texts)
    letter = notice_letter(notice, "board")
    assert isinstance(letter, Letter)
    assert "<script>" not in letter.html
    assert "<script>" in letter.text


@pytest.mark.parametrize(("made", "most"), [(slack_card, MOST_SLACK_BYTES), (teams_card, MOST_TEAMS_BYTES)])
def test_what_does_not_fit_is_counted(made, most: int) -> None:
    lines = tuple(Line("worse", f"KPI {n} " + "ç" * 300, "x & y " * 300) for n in range(120))
    card = made(Notice("Title" * 100, "en", lines=lines))
    text = json.dumps(card, ensure_ascii=False)
    assert len(json.dumps(card).encode()) <= most
    assert "more." in text
    assert "KPI 0" in text
    for block in card.get("blocks", ()):
        if block["type"] == "section":
            assert len(block["text"]["text"]) <= 3000
    assert len(card.get("blocks", ())) <= 50


def test_nothing_to_tell_is_told() -> None:
    quiet = Notice("Title", "en", nothing="Nothing beyond ordinary variation.")
    assert "Nothing beyond" in json.dumps(slack_card(quiet))
    assert "Nothing beyond" in json.dumps(teams_card(quiet))
    assert "Nothing beyond" in notice_letter(quiet, "board").text
