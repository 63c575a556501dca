"""Items against totals: what the layout of the NF-e demands of every document, as SQL over a whole batch.

The sums of products, discounts, freight, insurance and other expenses of the items must be those of the totals (the
tax authority refuses a document where they are not). The total of the document itself is no rule here: what enters
it differs by state, tax relief and imports, and the authority checks it only where a state asks for it.
"""

# ruff: noqa: S608 — relations are named by the reader.

from __future__ import annotations

# Column of items and of totals → name in the file.
SUMS = {
    "products_brl": "vProd",
    "discount_brl": "vDesc",
    "freight_brl": "vFrete",
    "insurance_brl": "vSeg",
    "other_brl": "vOutro",
}
AMOUNT = "decimal(18, 2)"


def problems_sql(documents: str, items: str, services: str) -> str:
    """Select of (_document, problem) of the documents that do not add up or whose amounts cannot be read.

    Items that do not count in the total (indTot 0) are left out of the products; those of services (ISSQN) are in
    the sum of services, and their discount may stand in either sum.
    """
    item_sums = ", ".join(
        f"sum(coalesce(try_cast({column} as {AMOUNT}), 0)) "
        + ("filter (where counts_in_total is distinct from '0') " if column == "products_brl" else "")
        + f"as {column}"
        for column in SUMS
    )
    unreadable = " or ".join(f"({column} is not null and try_cast({column} as {AMOUNT}) is null)" for column in SUMS)
    return f"""
        with item_sums as (
            select _document, {item_sums}, bool_or({unreadable}) as is_unreadable from {items} group by _document
        ),
        service_sums as (
            select _document, sum(coalesce(try_cast(amount as {AMOUNT}), 0)) as services_brl
            from {services} group by _document
        ),
        compared as (
            select
                documents._document,
                case {_reasons()} end as problem
            from {documents} as documents
            left join item_sums using (_document)
            left join service_sums using (_document)
        )
        select _document, problem from compared where problem is not null
    """


def _reasons() -> str:
    whens = [
        "when item_sums._document is null then 'the document has no items'",
        "when item_sums.is_unreadable then 'an amount of an item is no number'",
    ]
    for column, element in SUMS.items():
        of_items = f"coalesce(item_sums.{column}, 0)"
        total = f"coalesce(try_cast(documents.{column} as {AMOUNT}), 0)"
        services = "coalesce(service_sums.services_brl, 0)"
        agrees = f"{of_items} = {total}"
        if column == "products_brl":
            agrees = f"{of_items} - {services} = {total} or {agrees}"
        elif column == "discount_brl":
            agrees += f" or ({services} <> 0 and {of_items} >= {total})"
        whens.append(
            f"when not ({agrees}) then '{element} of the items adds up to ' || {of_items} || "
            f"', and the total says ' || {total}"
        )
    return " ".join(whens)
