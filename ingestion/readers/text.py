"""Bytes of a text file → text, by the one rule that held on every real export: mark, strict UTF-8, else cp1252."""

from __future__ import annotations

import codecs


def decode(content: bytes) -> tuple[str, str]:
    """Text and the encoding's name: by its byte-order mark, else strict UTF-8, else cp1252 (never what a header says).

    The five bytes that cp1252 leaves undefined become U+FFFD, so that the odd one never loses a whole file.
    """
    if content.startswith(codecs.BOM_UTF8):
        return content.decode("utf-8-sig", errors="replace"), "utf-8-sig"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace"), "utf-16"
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "cp1252"
