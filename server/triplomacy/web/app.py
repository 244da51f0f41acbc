"""Assembles the Flask application from its families of routes."""

from __future__ import annotations

from typing import Any

from flask import Flask, request

from triplomacy.engine.pool.client import Pool
from triplomacy.errors import TriplomacyError
from triplomacy.iris import as_uri, local_name
from triplomacy.release.folder import Releases
from triplomacy.web import (
    account,
    crawlers,
    dataset,
    documents,
    dumps,
    graph_store,
    health,
    metrics,
    pages,
    problems,
    query_terms,
    reconcile,
    representation,
    search,
    sparql,
    static_files,
    validation,
    wikidata,
)
from triplomacy.web.current import Current, publication
from triplomacy.web.representation import address

MAX_BODY = 1024 * 1024
"""Bytes of a request body that we read; a query is never that long, a batch of names may be."""


def create_app(releases: Releases, pool: Pool | None = None) -> Flask:
    """The application that serves the current release of `releases`.

    Args:
        releases: what to serve.
        pool: where strangers' queries run; None runs them in this process, where nothing can
            stop them, so only for tests.

    >>> app = create_app(Releases(Path("releases")))    # doctest: +SKIP
    >>> app.run()                                       # doctest: +SKIP
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY
    app.config["LONGER_BODIES"] = {reconcile.routes.url_prefix: reconcile.MAX_BODY}
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.extensions["triplomacy"] = Current(releases)
    app.extensions["triplomacy-pool"] = pool
    metrics.install(app, pool)
    representation.install(app)
    account.install(app)
    static_files.install(app)
    problems.install(app)
    app.register_blueprint(sparql.routes)
    app.register_blueprint(query_terms.routes)
    app.register_blueprint(graph_store.routes)
    app.register_blueprint(pages.routes)
    app.register_blueprint(search.routes)
    app.register_blueprint(reconcile.routes)
    app.register_blueprint(dataset.routes)
    app.register_blueprint(validation.routes)
    app.register_blueprint(dumps.routes)
    app.register_blueprint(crawlers.routes)
    app.register_blueprint(health.routes)
    app.register_blueprint(documents.routes)
    app.register_blueprint(wikidata.routes)
    app.add_template_filter(local_name)

    @app.context_processor
    def shared() -> dict[str, Any]:
        """What every template may use; `manifest` is None where there is no release to show."""
        try:
            here = address()
            published = publication()
        except TriplomacyError:
            # A page that reports an error must not fail for the same reason.
            return {"manifest": None, "link": as_uri, "at": lambda p: request.url_root + as_uri(p)}
        return {
            "manifest": published.manifest,
            "searchable": published.is_searchable,
            "link": here.link,
            "at": here.at,
        }

    return app
