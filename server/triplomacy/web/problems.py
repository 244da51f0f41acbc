"""The one place that turns errors into HTTP: RFC 9457 problem documents, or a browser's page."""

from __future__ import annotations

import json
import logging

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from triplomacy.errors import QuerySyntaxError, Stopped, TriplomacyError
from triplomacy.formats import HTML, Format
from triplomacy.web.negotiation import Accept

PROBLEM_JSON = Format("Problem", "json", "application/problem+json", ("application/json",))

# What to do about the errors that Flask raises by itself.
_REMEDIES = {
    400: "correct the request",
    404: "begin at / or look for it in a list",
    405: "use one of the methods in the header Allow; nothing here can be written over HTTP",
    413: "send less; a query that is so long is better put as a pattern or sent in parts",
}

_log = logging.getLogger(__name__)


def problem(
    status: int,
    title: str,
    detail: str,
    remedy: str = "",
    extra: dict[str, object] | None = None,
    page: tuple[str, dict[str, object]] = ("problem.html", {}),
) -> Response:
    """A problem document (RFC 9457), in HTML where the client prefers it.

    Args:
        status: the HTTP status.
        title: what kind of problem it is, the same each time.
        detail: what happened this time.
        remedy: what the client can do.
        extra: further members of the document, such as near matches.
        page: the template that shows it to people, and what that knows beside `problem`.
    """
    members: dict[str, object] = {"type": "about:blank", "title": title, "status": status}
    members |= {"detail": detail} | ({"remedy": remedy} if remedy else {}) | (extra or {})
    if wants_page():
        template, known = page
        body = render_template(template, problem=members, **known)
        content_type = HTML.content_type
    else:
        body = json.dumps(members, ensure_ascii=False, indent=2) + "\n"
        content_type = PROBLEM_JSON.content_type
    response = Response(body, status=status, content_type=content_type)
    response.vary.add("Accept")
    response.headers["Cache-Control"] = "no-store" if status >= 429 else "public, max-age=10"
    return response


def wants_page() -> bool:
    """Whether HTML is what the client asks for by name; JSON goes to everybody else."""
    accept = request.headers.get("Accept", "")
    if "html" not in accept:
        return False
    try:
        return Accept(accept).choose((PROBLEM_JSON, HTML)) is HTML
    except TriplomacyError:
        return False


def install(app: Flask) -> None:
    """Make every error of `app` a problem document; no traceback ever reaches a client."""

    @app.errorhandler(TriplomacyError)
    def known(error: TriplomacyError) -> Response:
        if error.status >= 500 and not isinstance(error, Stopped):  # which have logs of their own
            _log.error("%s: %s", error.title, error.detail)
        place: dict[str, object] | None = None
        if isinstance(error, QuerySyntaxError) and error.line:
            place = {"line": error.line, "column": error.column}
        response = problem(error.status, error.title, error.detail, error.remedy, place)
        if isinstance(error, Stopped) and error.retry_after is not None:
            response.retry_after = error.retry_after
        return response

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        code = error.code or 500
        response = problem(code, error.name, error.description or "", _REMEDIES.get(code, ""))
        for name, value in error.get_headers():
            if name.lower() in ("allow", "location", "retry-after"):
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def unknown(error: Exception) -> Response:
        _log.exception("unexpected error on %s %s", request.method, request.path, exc_info=error)
        return problem(
            500,
            "Something went wrong in the server",
            "The error was logged; it is not in your request.",
            "try again, and tell the publisher if it stays",
        )
