"""How the bundle of the query page travels: packed where the client takes that, and kept for ever.

The names of its files hold a hash of what is in them, and the build lays each beside itself packed.
"""

from __future__ import annotations

import mimetypes

from flask import Flask, Response, request, send_file

from triplomacy.web.query_bundle import STATIC, is_hashed


def install(app: Flask) -> None:
    """Serve the files of the bundle so."""

    @app.before_request
    def packed() -> Response | None:
        name = _asked()
        file = STATIC / f"{name}.gz"
        if not name or not request.accept_encodings["gzip"] or not file.is_file():
            return None
        response = send_file(file, mimetype=mimetypes.guess_type(name)[0], conditional=True)
        response.headers["Content-Encoding"] = "gzip"
        return response

    @app.after_request
    def keep(response: Response) -> Response:
        if _asked() and response.status_code in (200, 206, 304):
            response.vary.add("Accept-Encoding")
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def _asked() -> str:
    """The file of the bundle that this request asks for; empty if it asks for none."""
    name: str = (request.view_args or {}).get("filename", "")
    is_bundle = request.endpoint == "static" and is_hashed(name)
    return name if is_bundle and request.method in ("GET", "HEAD") else ""
