"""`delivery.yml`: what is wrong in it is told by its line, and a secret that is missing by its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.delivery_settings import read_delivery_settings
from pipeline.doctor import check_delivery
from pipeline.failures import ExitCode, Failure
from pipeline.settings import DataFolder


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("smtp: {host: h, from: a@b.c, passwort: x}", 'line 1: smtp: unknown key "passwort"'),
        ("smtp: {host: h, from: a@b.c, user: u, password: hunter2}", '"password" must say where the secret is'),
        ("smtp: {host: h, from: a@b.c, user: u}", "go together"),
        ("smtp: {host: h, from: a@b.c, user: u, security: none, password: {environment: X}}", "never sent without"),
        ('smtp: {host: h, from: "a@b.c\nBcc: x@y.z"}', "must be an e-mail address"),
        ('smtp: {host: h, from: "A\\nBcc: x@y.z <a@b.c>"}', "must be an e-mail address"),
        ("smtp: {host: h, from: nobody}", "must be an e-mail address"),
        ("smtp: {host: h, from: a@b.c>}", "must be an e-mail address"),
        ("smtp: {host: h, from: a@b.c, port: 70000}", "between 1 and 65535"),
        ("webhooks: {ops: {style: irc, url: {environment: X}}}", "not one of slack, teams"),
        ("webhooks: {ops: {style: slack, url: 'https://hooks.example.com/secret'}}", "must say where the secret is"),
        ("public_url: ftp://x", "begins with https or http"),
        ("smtp: [", "not valid YAML"),
    ],
)
def test_wrong_settings_are_refused_by_their_line(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "delivery.yml").write_text(text, encoding="utf-8")
    with pytest.raises(Failure) as refused:
        read_delivery_settings(DataFolder(tmp_path))
    assert words in refused.value.message
    assert "hunter2" not in refused.value.message
    assert "hooks.example.com" not in refused.value.message
    assert refused.value.code is ExitCode.USAGE


def test_the_doctor_names_a_secret_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "audiences.yml").write_text("audiences: [{name: a, addresses: [a@b.example]}]", encoding="utf-8")
    settings = "smtp: {host: h, from: a@b.example, user: u, password: {environment: RETAGUARDA_TEST_PASSWORD}}"
    (tmp_path / "delivery.yml").write_text(settings, encoding="utf-8")
    assert [(one.state, one.finding) for one in check_delivery(DataFolder(tmp_path))] == [
        ("failed", "the environment variable RETAGUARDA_TEST_PASSWORD is empty or not set. Put the secret there.")
    ]
    monkeypatch.setenv("RETAGUARDA_TEST_PASSWORD", "hunter2")
    assert [one.state for one in check_delivery(DataFolder(tmp_path))] == ["ok"]
