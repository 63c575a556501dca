"""Where banks put what in CNAB files: one table a bank, for positions differ by bank inside the same standard.

Positions are the banks' own: from 1, first and last included. Segment U and the statement's segment E are the same
in every bank seen; segment T and the our-number of CNAB 400 are not. Segment E was checked against a statement that
another program wrote for Itaú and against tables of Banco do Brasil, Santander, Caixa and Bradesco. A bank that is not here is refused, never read
by a neighbour's table. `checked` says against what: a real file with known totals ("file"), or only layout tables
that others published ("table"), in which case the trailers have to agree all the more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingestion.readers.cnab_occurrences import BNB_400, BRADESCO_400, CNAB_240, ITAU_400, SANTANDER_400, Occurrences

Positions = Mapping[str, tuple[int, int]]

AMOUNTS = ("face_brl", "paid_brl", "net_brl", "fee_brl", "interest_brl", "discount_brl", "rebate_brl")
DATES = ("due_date", "occurrence_date", "credit_date")
TEXTS = ("our_number", "document", "company_reference", "occurrence_code")

SEGMENT_T: Positions = {
    "occurrence_code": (16, 17), "our_number": (38, 57), "document": (59, 73), "due_date": (74, 81),
    "face_brl": (82, 96), "company_reference": (106, 130), "fee_brl": (199, 213),
}  # fmt: skip
SEGMENT_U: Positions = {
    "interest_brl": (18, 32), "discount_brl": (33, 47), "rebate_brl": (48, 62), "paid_brl": (78, 92),
    "net_brl": (93, 107), "occurrence_date": (138, 145), "credit_date": (146, 153),
}  # fmt: skip
DETAIL_400: Positions = {
    "company_reference": (38, 62), "occurrence_code": (109, 110), "occurrence_date": (111, 116),
    "document": (117, 126), "due_date": (147, 152), "face_brl": (153, 165), "fee_brl": (176, 188),
    "rebate_brl": (228, 240), "discount_brl": (241, 253), "paid_brl": (254, 266), "interest_brl": (267, 279),
    "credit_date": (296, 301),
}  # fmt: skip

SEGMENT_E: Positions = {
    "posted_date": (143, 150), "amount": (151, 168), "sign": (169, 169), "transaction_type": (170, 172),
    "memo": (177, 201), "check_number": (202, 240),
}  # fmt: skip
STATEMENT_ACCOUNT = (59, 72)
STATEMENT_BALANCE: Positions = {"balance_date": (143, 150), "amount": (151, 168), "sign": (169, 169)}
STATEMENT_TOTALS: Positions = {"records": (171, 176), "debits": (177, 194), "credits": (195, 212)}
# Titles by kind of collection: simple, linked, pledged, discounted.
LOT_TITLES = (((24, 29), (30, 46)), ((47, 52), (53, 69)), ((70, 75), (76, 92)), ((93, 98), (99, 115)))
LOT_RECORDS, FILE_LOTS, FILE_RECORDS = (18, 23), (18, 23), (24, 29)


@dataclass(frozen=True)
class Layout240:
    """Collection returns of one bank in CNAB 240. `lot_record_types`: what the lot's trailer counts as records.

    `has_lot_sum`: whether the sum in the lot's trailer is that of its titles, so that a difference refuses the file.
    """

    bank: str
    name: str
    checked: str
    segment_t: Positions = field(default_factory=lambda: SEGMENT_T)
    account: tuple[int, int] = (59, 71)
    lot_record_types: str = "135"
    has_lot_sum: bool = True
    occurrences: Occurrences = field(default_factory=lambda: CNAB_240)


@dataclass(frozen=True)
class Layout400:
    """Collection returns of one bank in CNAB 400. `count` and `sum_face`: where the trailer has them, if it does."""

    bank: str
    name: str
    checked: str
    our_number: tuple[int, int]
    account: tuple[int, int]
    occurrences: Occurrences
    count: tuple[int, int] | None = None
    sum_face: tuple[int, int] | None = None

    @property
    def detail(self) -> Positions:
        """Positions of every field of a title's record."""
        return {**DETAIL_400, "our_number": self.our_number}


LAYOUTS_240: Mapping[str, Layout240] = {
    each.bank: each
    for each in (
        Layout240("001", "Banco do Brasil", "file"),
        # The one real file counts T and U alone as the lot's records, and its sum is not that of its titles.
        Layout240(
            "033", "Santander", "file", account=(38, 47), lot_record_types="3", has_lot_sum=False,
            segment_t={
                "occurrence_code": (16, 17), "our_number": (41, 53), "document": (55, 69), "due_date": (70, 77),
                "face_brl": (78, 92), "company_reference": (101, 125), "fee_brl": (194, 208),
            },
        ),
        Layout240("104", "Caixa Econômica Federal", "table",
                  segment_t={**SEGMENT_T, "our_number": (39, 56), "document": (59, 69)}),
        Layout240("341", "Itaú", "table", segment_t={**SEGMENT_T, "our_number": (41, 48), "document": (59, 68)}),
        Layout240("748", "Sicredi", "table"),
    )
}  # fmt: skip
LAYOUTS_400: Mapping[str, Layout400] = {
    each.bank: each
    for each in (
        Layout400("004", "Banco do Nordeste", "file", (63, 70), (33, 40), BNB_400),
        Layout400("033", "Santander", "file", (63, 70), (39, 46), SANTANDER_400),
        Layout400("237", "Bradesco", "file", (71, 82), (27, 46), BRADESCO_400),
        # Its trailer's count and sum are those of the file: 4 titles, 1,895.76.
        Layout400("341", "Itaú", "file", (86, 94), (33, 38), ITAU_400, count=(213, 220), sum_face=(221, 234)),
    )
}
