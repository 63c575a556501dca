"""A random cookie by which a browser knows its own history again. It names nobody and is sent to nobody else."""

from __future__ import annotations

import secrets

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

YEAR_SECONDS = 365 * 24 * 3600


class ReaderCookie:
    """ASGI middleware: gives the cookie to a browser that opens a page without it."""

    def __init__(self, app: ASGIApp, name: str) -> None:
        self.app, self.name = app, name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or self._has_cookie(scope):
            await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # Only with the page itself: of several files asked for at once each would bring another cookie.
                if headers.get("content-type", "").startswith("text/html"):
                    value = secrets.token_urlsafe(24)
                    secure = "; Secure" if scope.get("scheme") == "https" else ""
                    cookie = f"{self.name}={value}; Path=/; Max-Age={YEAR_SECONDS}; HttpOnly; SameSite=Lax{secure}"
                    headers.append("set-cookie", cookie)
            await send(message)

        await self.app(scope, receive, sending)

    def _has_cookie(self, scope: Scope) -> bool:
        return any(key == b"cookie" and f"{self.name}=".encode() in value for key, value in scope.get("headers", ()))
