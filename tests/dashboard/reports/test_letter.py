"""The mail of a pack is taken apart as a mail reader does: the same figures as the pack, whole, safe, and for one only."""

from __future__ import annotations

import io
from contextvars import copy_context
from dataclasses import replace
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from lxml import html
from PIL import Image

from dashboard import language
from dashboard.reports.content import Readers
from dashboard.reports.letter import Attachment, Envelope, Letter, mail
from dashboard.reports.links import Links
from dashboard.reports.markup import element
from dashboard.reports.notices import MARKS
from dashboard.reports.pack import content_of, latest_week
from dashboard.reports.pack_letter import MOST_PICTURES, PICTURE_WIDTH, pack_letter
from dashboard.reports.pack_notice import ordered_exceptions
from dashboard.reports.picture_png import UnknownElement, png_bytes

pytestmark = pytest.mark.usefixtures("portuguese")
SENDER = Address("Relatórios Aurora", "reports", "aurora.example")
ENVELOPE = Envelope(SENDER, "ana@example.com", "pack|board|email|2026-W46|ana@example.com", "board")
LINKS = Links("https://numbers.example.com", "pt_BR")
HOSTILE = "Aurora\r\nBcc: everybody@example.com\r\n\r\n<script>alert(1)</script>"


@pytest.fixture(scope="module")
def letter(pack) -> Letter:
    def made() -> Letter:
        language.activate("pt_BR")
        return pack_letter(pack.content, LINKS, ["pacote ação.pdf"])

    return replace(copy_context().run(made), attachments=(Attachment("pacote ação.pdf", b"%PDF-1.7 \x00\xff"),))


def read(letter: Letter, envelope: Envelope = ENVELOPE) -> EmailMessage:
    """As it arrives: bytes, parsed anew."""
    parsed = message_from_bytes(mail(letter, envelope).as_bytes(), policy=default)  # pyright: ignore
    assert isinstance(parsed, EmailMessage)
    return parsed


def part(message: EmailMessage, kind: str) -> EmailMessage:
    return next(one for one in message.walk() if one.get_content_type() == kind)  # pyright: ignore


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_a_mail_is_built_as_readers_of_mail_expect(letter: Letter) -> None:
    message = read(letter)
    kinds = [one.get_content_type() for one in message.walk() if not one.get_content_type().startswith("image/")]
    assert kinds == [
        "multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html", "application/pdf",
    ]  # fmt: skip
    attached = [one for one in message.iter_attachments() if one.get_filename()]
    assert [(one.get_filename(), one.get_content()) for one in attached] == [("pacote ação.pdf", b"%PDF-1.7 \x00\xff")]
    assert message["To"] == "ana@example.com"
    assert message["From"].addresses[0] == SENDER
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "pt-BR"
    raw = mail(letter, ENVELOPE).as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.splitlines())) < 998


def test_the_same_message_has_the_same_identity(letter: Letter) -> None:
    first, again = read(letter), read(letter)
    other = read(letter, replace(ENVELOPE, identity="another"))
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    assert first["Message-ID"].endswith("@aurora.example>")


def test_the_figures_are_those_of_the_pack(pack, letter: Letter) -> None:
    message = read(letter)
    page = html.fromstring(part(message, "text/html").get_content())
    text = squeezed(part(message, "text/plain").get_content())
    packed = html.fromstring(pack.html)
    rows = [row for row in pack.content.scopes[0].rows if row.definition.headline]
    assert len(rows) > 20
    for row in rows:
        name = row.definition.name
        cells = page.xpath(f'//tr[@data-kpi="{name}"]')
        assert len(cells) == 1, name
        in_pack = packed.xpath(f'(//tr[@data-kpi="{name}"])[1]/td[1]/strong')[0].text_content()
        assert cells[0].xpath("td[1]/strong")[0].text_content() == in_pack == row.value
        assert row.change in cells[0].xpath("td[2]")[0].text_content()
        assert squeezed(f"{row.definition.label}: {row.value}") in text
    for found in pack.content.exceptions:
        assert squeezed(f"{found.row.definition.label}: {found.sentence}") in text
        assert squeezed(f"{found.row.definition.label}: {found.sentence}") in squeezed(page.text_content())


def test_pictures_are_inside_and_described(pack, letter: Letter) -> None:
    message = read(letter)
    page = html.fromstring(part(message, "text/html").get_content())
    named = [image.get("src") for image in page.xpath("//img")]
    assert 0 < len(named) <= MOST_PICTURES
    inside = {
        f"cid:{one['Content-ID'].strip('<>')}": one.get_content()  # pyright: ignore
        for one in message.walk()
        if one.get_content_type() == "image/png"
    }
    assert set(named) == set(inside)
    for image, found in zip(page.xpath("//img"), ordered_exceptions(pack.content), strict=False):
        assert found.row.definition.label in image.get("alt")
        drawn = Image.open(io.BytesIO(inside[image.get("src")]))
        assert drawn.size[0] == PICTURE_WIDTH
        assert len(drawn.getcolors() or ()) > 5  # something is drawn


def test_units_are_named_and_the_worst_comes_first_of_whatever_unit(publication, demo_data: Path) -> None:
    def made() -> Letter:
        start = latest_week(publication)
        assert start is not None
        readers = Readers("south", units=("SUL", "MTZ"), areas=("payables", "people"))
        return pack_letter(content_of(publication, demo_data, start, readers), LINKS)

    letter = copy_context().run(made)
    text = letter.text
    lines = [line for line in text.splitlines() if line[:1] in MARKS.values()]
    signs = [line[:1] for line in lines]
    assert signs == [sign for sign in "■◆▲" if sign in signs]
    assert signs
    assert "Unidade Sul · " in text
    assert "unit=SUL" in letter.html
    assert "Unidade Nordeste" not in text


def test_mail_readers_show_it_whole(letter: Letter) -> None:
    page = html.fromstring(letter.html)
    assert len(letter.html.encode()) < 100_000  # Gmail cuts what is longer
    assert not page.xpath("//script | //link | //form | //svg | //@onclick")
    assert all(address.startswith("https://numbers.example.com/") for address in page.xpath("//a/@href"))
    assert page.xpath('//a[contains(@href, "/kpi?kpi=") and contains(@href, "lang=pt-BR")]')
    unstyled = [one.tag for one in page.xpath("//p | //td[@class] | //th") if not one.get("style")]
    assert unstyled == []
    assert max(map(len, letter.text.splitlines())) <= 120


def test_nobody_can_smuggle_a_header_or_markup(pack) -> None:
    row = pack.content.exceptions[0].row if pack.content.exceptions else pack.content.scopes[0].rows[0]
    row = replace(row, definition=replace(row.definition, label="<img src=x onerror=alert(2)>"))
    found = replace(pack.content.exceptions[0], row=row)
    hostile = replace(pack.content, company=HOSTILE, exceptions=(found,))
    message = read(pack_letter(hostile, LINKS))
    assert message["Bcc"] is None
    assert message.get_all("To") == ["ana@example.com"]
    assert "everybody@example.com" in message["Subject"]  # as words
    page = html.fromstring(part(message, "text/html").get_content())
    assert not page.xpath("//script | //@onerror")
    assert "<img src=x onerror=alert(2)>" in page.text_content()
    envelope = replace(ENVELOPE, audience="x\r\nBcc: a@b.c", identity="y\r\nBcc: a@b.c")
    assert read(pack_letter(hostile, LINKS), envelope)["Bcc"] is None
    with pytest.raises(ValueError):
        mail(pack_letter(hostile, LINKS), replace(ENVELOPE, recipient="ana@example.com\r\nBcc: a@b.c"))


def test_ways_out(letter: Letter) -> None:
    assert read(letter)["List-Unsubscribe"] == "<mailto:reports@aurora.example?subject=unsubscribe%20board>"
    assert read(letter)["List-Unsubscribe-Post"] is None
    click = replace(ENVELOPE, unsubscribe="https://lists.example.com/out?a={audience}&r={recipient}")
    message = read(letter, click)
    assert message["List-Unsubscribe"] == "<https://lists.example.com/out?a=board&r=ana%40example.com>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_letters_beyond_ascii_in_a_domain(letter: Letter) -> None:
    message = read(letter, replace(ENVELOPE, recipient="ana@ação.com.br"))
    assert message["To"] == "ana@xn--ao-nia0b.com.br" or message["To"].endswith(".com.br")
    assert mail(letter, replace(ENVELOPE, recipient="ana@ação.com.br")).as_bytes().isascii()


def test_a_picture_is_drawn_whole_or_not_at_all() -> None:
    picture = element("svg", element("ellipse", cx="1"), viewBox="0 0 10 10")
    with pytest.raises(UnknownElement, match="ellipse"):
        png_bytes(picture, 20)
