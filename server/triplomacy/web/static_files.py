"""How long browsers keep static files: for ever where the name holds a hash of what is in them."""

from __future__ import annotations

from flask import Flask, Response, request

from triplomacy.web.query_bundle import is_hashed


def install(app: Flask) -> None:
    """Let clients keep the files of the query page's bundle for ever."""

    @app.after_request
    def keep(response: Response) -> Response:
        name = (request.view_args or {}).get("filename", "")
        if request.endpoint == "static" and is_hashed(name) and response.status_code in (200, 304):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
