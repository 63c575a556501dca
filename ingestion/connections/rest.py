"""A REST API, read page by page, with retries, through dlt's client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ingestion.connections.connection import Authentication, ConnectionFault, Paging, RestApi, RestTable
from ingestion.connections.extracts import WaterMark, less_overlap
from ingestion.connections.secrets import Secret

if TYPE_CHECKING:
    import requests
    from dlt.sources.helpers.rest_client.client import RESTClient
    from dlt.sources.helpers.rest_client.paginators import BasePaginator


def batches(api: RestApi, table: RestTable, mark: WaterMark | None) -> Iterator[list[dict[str, Any]]]:
    """The table's rows, a page each. Numbers keep the digits they were written with.

    Asks again after errors of the network, 429 and 5xx, waiting longer each time (`Retry-After` is kept to).
    Raises ConnectionFault when the API keeps failing, refuses, answers no JSON, or hands out the same page for ever.
    """
    import requests

    parameters = revealed(dict(table.parameters))
    if mark is not None and table.high_water_parameter:
        parameters[table.high_water_parameter] = _parameter(less_overlap(mark, table.overlap))
    seen = b""
    try:
        pages = _client(api, table).paginate(
            table.request_path,
            method=table.method,  # pyright: ignore[reportArgumentType]
            params=parameters or None,
            json=revealed(dict(table.body)) if table.body is not None else None,
            headers=revealed(dict(api.headers)) or None,
        )
        for number, page in enumerate(pages, 1):
            rows = [row for row in page if isinstance(row, dict)]
            if len(rows) != len(page):
                raise ConnectionFault(
                    f'{api.path}: {table.table}: "{table.rows}" leads to values, not to rows (objects). Correct "rows".'
                )
            content = sha256(repr(rows).encode()).digest()
            if rows and content == seen:
                raise ConnectionFault(f'{api.path}: {table.table}: page {number} is the page before. Check "paging".')
            if number > table.paging.maximum_pages:
                raise ConnectionFault(
                    f'{api.path}: {table.table}: more than {table.paging.maximum_pages} pages. Raise "maximum_pages" if that is right.'
                )
            seen = content
            yield rows
    except requests.RequestException as error:
        raise ConnectionFault(f"{api.path}: {table.table}: {_reason(api, error)}") from error
    except ConnectionFault:
        raise
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ConnectionFault(f"{api.path}: {table.table}: the answer is not JSON. Check base_url and path.") from error
    except ValueError as error:
        # dlt's paginators tell by ValueError what they miss in the answer.
        raise ConnectionFault(f"{api.path}: {table.table}: {error}") from error


def revealed(value: Any) -> Any:
    """The same structure with every secret read."""
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, dict):
        return {key: revealed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [revealed(inner) for inner in value]
    return value


def _client(api: RestApi, table: RestTable) -> RESTClient:
    from dlt.sources.helpers.requests import Client
    from dlt.sources.helpers.rest_client.client import RESTClient

    session = Client(
        request_timeout=api.timeout_seconds,
        request_max_attempts=api.attempts,
        request_backoff_factor=api.backoff_seconds,
        raise_for_status=False,  # dlt's own hook raises, after the retries
    ).session
    _stay_on_host(session, api)
    return RESTClient(
        base_url=api.base_url,
        auth=_authentication(api.authentication),
        paginator=_paginator(table.paging),
        data_selector=table.rows,
        session=session,
    )


def _stay_on_host(session: requests.Session, api: RestApi) -> None:
    # A link to the next page, or a redirection, to another host would carry the token there.
    import requests
    from requests.adapters import HTTPAdapter

    class Elsewhere(HTTPAdapter):
        def send(self, request: Any, *_: Any, **__: Any) -> Any:
            raise requests.exceptions.InvalidURL(f"the API leads to another host, {urlsplit(request.url).netloc}")

    class Exact(HTTPAdapter):
        def build_response(self, *arguments: Any, **named: Any) -> Any:
            # `response.json()` makes binary floats of 12345678901234567.89; money must keep its digits.
            response = super().build_response(*arguments, **named)
            response.json = lambda **_: json.loads(response.content, parse_float=Decimal)
            return response

    parts = urlsplit(api.base_url)
    session.mount("http://", Elsewhere())
    session.mount("https://", Elsewhere())
    session.mount(f"{parts.scheme}://{parts.netloc}/", Exact())


def _authentication(authentication: Authentication | None) -> Any:
    from dlt.sources.helpers.rest_client.auth import APIKeyAuth, BearerTokenAuth, HttpBasicAuth

    if authentication is None:
        return None
    secret = authentication.secret.reveal()
    if authentication.kind == "bearer":
        return BearerTokenAuth(secret)  # pyright: ignore[reportArgumentType]
    if authentication.kind == "basic":
        return HttpBasicAuth(authentication.user or "", secret)  # pyright: ignore[reportArgumentType]
    return APIKeyAuth(authentication.name, secret, authentication.location)  # pyright: ignore[reportArgumentType]


def _paginator(paging: Paging) -> BasePaginator:
    from dlt.sources.helpers.rest_client import paginators

    class PageInBody(paginators.PageNumberPaginator):
        # dlt's own path into a body leads through objects only; Omie's page number stands in a list.
        def update_request(self, request: Any) -> None:
            place_in_body(request.json, paging.body_path or "", self.current_value)

    if paging.kind == "page":
        paginator = PageInBody if paging.body_path else paginators.PageNumberPaginator
        return paginator(
            base_page=paging.first,
            page_param=paging.parameter or "page",
            total_path=paging.total,
            has_more_path=paging.more,
        )
    if paging.kind == "offset":
        return paginators.OffsetPaginator(
            limit=paging.size,
            offset_param=None if paging.body_path else paging.parameter or "offset",
            offset_body_path=paging.body_path,
            limit_param=paging.size_parameter or "limit",
            total_path=paging.total,
            has_more_path=paging.more,
        )
    if paging.kind == "cursor":
        return paginators.JSONResponseCursorPaginator(
            cursor_path=paging.next or "next",
            cursor_param=None if paging.body_path else paging.parameter or "cursor",
            cursor_body_path=paging.body_path,
        )
    if paging.kind == "next_link":
        return paginators.JSONLinkPaginator(paging.next or "next")
    if paging.kind == "link_header":
        return paginators.HeaderLinkPaginator()
    return paginators.SinglePagePaginator()


def place_in_body(body: Any, path: str, value: int) -> None:
    """Set the value at a path of names and list positions joined by dots, e.g. `param.0.pagina`.

    Raises ValueError for a path that the body of the connection file does not have.
    """
    *way, last = path.split(".")
    try:
        for step in way:
            body = body[int(step)] if isinstance(body, list) else body[step]
        body[int(last) if isinstance(body, list) else last] = value
    except (KeyError, IndexError, TypeError, ValueError):
        raise ValueError(f'paging: body_path "{path}" is not in the body. Write it as names joined by dots') from None


def _parameter(mark: WaterMark) -> str:
    return mark.isoformat() if isinstance(mark, date | datetime) else str(mark)


def _reason(api: RestApi, error: requests.RequestException) -> str:
    response = error.response
    if response is not None:
        advice = " Check the token and its rights." if response.status_code in (401, 403) else ""
        return f"{urlsplit(api.base_url).netloc} answers {response.status_code} {response.reason}.{advice}"
    return f"{urlsplit(api.base_url).netloc} does not answer: {type(error).__name__}: {_without_query(str(error))}"


def _without_query(text: str) -> str:
    # An address in an error may carry a key as a parameter.
    return text.split("?", 1)[0]
