"""The server: a shell that listens for news, and the report of each run. There is no route to any file.

Everything is rendered from what the watch has in memory; a run is asked for by its number, so that no request names a path.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from defib.serving.address import Address, listening
from defib.serving.phrases import PAGE
from defib.serving.refusals import ServerMissing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from threading import Event

    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

    from defib.serving.board import Board

COOKIE = "defib-token"
LOOK, BEAT = 0.25, 15.0
"""Seconds between two looks at the board, and between two signs of life where there is no news; assumed."""
TONGUES = {"en": "en", "zh": "zh-CN"}
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def application(board: Board, at: Address) -> Starlette:
    """The pages of a board.

    Raises ServerMissing.
    """
    try:
        from starlette.applications import Starlette  # noqa: PLC0415 (an extra)
        from starlette.responses import HTMLResponse, PlainTextResponse, StreamingResponse  # noqa: PLC0415
        from starlette.routing import Route  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ServerMissing(module=error.name) from None

    async def shell(_: Request) -> Response:
        nonce = secrets.token_urlsafe(16)
        words = {name: said.said(board.language) for name, said in PAGE.items()}
        page = _template().render(nonce=nonce, words=words, tongue=TONGUES[board.language])
        policy = (
            f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; "
            "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        return HTMLResponse(page, headers={**SAFE, "Content-Security-Policy": policy})

    async def run(request: Request) -> Response:
        page = await asyncio.to_thread(board.page, int(request.path_params["number"]))
        if page is None:
            return PlainTextResponse(PAGE["nothing"].said(board.language), 404, SAFE)
        return HTMLResponse(page, headers={**SAFE, "Content-Security-Policy": "frame-ancestors 'self'"})

    async def events(_: Request) -> Response:
        return StreamingResponse(_news(board), media_type="text/event-stream", headers=SAFE)

    async def well(_: Request) -> Response:
        return PlainTextResponse("ok", headers=SAFE)

    from starlette.middleware import Middleware  # noqa: PLC0415
    from starlette.middleware.base import BaseHTTPMiddleware  # noqa: PLC0415

    routes = [
        Route("/", shell),
        Route("/run/{number:int}", run),
        Route("/events", events),
        Route("/health", well),
    ]
    return Starlette(routes=routes, middleware=[Middleware(BaseHTTPMiddleware, dispatch=_guard(board, at))])


def _guard(
    board: Board, at: Address
) -> Callable[[Request, Callable[[Request], Awaitable[Response]]], Awaitable[Response]]:
    """Who does not call the server by its name, or has no token, sees nothing."""
    from starlette.responses import PlainTextResponse  # noqa: PLC0415

    async def guarded(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
        whole = request.headers.get("host", "")
        name, _, port = whole.rpartition(":")
        host = (name if name and port.isdigit() else whole).strip("[]")
        if at.hosts() and host not in at.hosts():
            return PlainTextResponse(PAGE["host"].said(board.language), 421, SAFE)
        given = request.query_params.get("token")
        if not at.allows(given or request.cookies.get(COOKIE)):
            return PlainTextResponse(PAGE["token"].said(board.language), 401, SAFE)
        answer = await call(request)
        if given is not None and at.token is not None:
            answer.set_cookie(COOKIE, at.token, httponly=True, samesite="strict")
        return answer

    return guarded


async def _news(board: Board) -> AsyncIterator[str]:
    """The rows at once, again after every change, and a comment now and then so that nobody in between hangs up."""
    sent, quiet = -1, 0.0
    while True:
        if board.version != sent:
            sent, quiet = board.version, 0.0
            rows = await asyncio.to_thread(board.rows)
            yield f"id: {sent}\ndata: {json.dumps([row._asdict() for row in rows], ensure_ascii=False)}\n\n"
        elif quiet >= BEAT:
            quiet = 0.0
            yield ": here\n\n"
        await asyncio.sleep(LOOK)
        quiet += LOOK


def serve(board: Board, at: Address, stop: Event, ready: Callable[[str], None]) -> None:
    """Serve until it is asked to stop.

    ready: hears the address, with the token, once it listens.

    Raises ServerMissing, NotServed.
    """
    app = application(board, at)
    try:
        import uvicorn  # noqa: PLC0415 (an extra)
    except ModuleNotFoundError as error:
        raise ServerMissing(module=error.name) from None
    opened = listening(at)
    host = f"[{at.host}]" if ":" in at.host else at.host
    ready(f"http://{host}:{opened.getsockname()[1]}/" + ("" if at.token is None else f"?token={at.token}"))
    config = uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off", timeout_graceful_shutdown=1)
    server: Any = uvicorn.Server(config)

    async def until() -> None:
        task = asyncio.create_task(server._serve(sockets=[opened]))  # noqa: SLF001 (`serve` takes the signals, which are ours)
        while not stop.is_set() and not task.done():  # noqa: ASYNC110 (a thread's event, not one of this loop)
            await asyncio.sleep(0.1)
        server.should_exit = True
        await task

    asyncio.run(until())


def _template() -> Any:  # noqa: ANN401 (jinja2's)
    environment = Environment(loader=PackageLoader("defib.serving", "."), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("live.html.j2")
