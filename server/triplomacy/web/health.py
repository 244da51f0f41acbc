"""`/health`: whether a release is being served, for load balancers."""

from __future__ import annotations

import json

from flask import Blueprint, Response

from triplomacy import __version__
from triplomacy.formats import JSON
from triplomacy.web.answering import state_of_queries
from triplomacy.web.current import publication

routes = Blueprint("health", __name__)


@routes.get("/health")
def health() -> Response:
    """Whether a release is being served, and which; 503 with a problem document if none is.

    An answer of any kind says that the server lives; 200 that it is ready, too. `queries` tells
    whether SPARQL is answered, or all its processes are busy.
    """
    release = publication().release
    body = {
        "status": "ok",
        "live": True,
        "ready": True,
        "release": release.version,
        "queries": state_of_queries(),
        "software": __version__,
    }
    response = Response(json.dumps(body) + "\n", content_type=JSON.content_type)
    response.headers["Cache-Control"] = "no-store"
    return response
