"""The errors that people meet, each with what happened and what to do about it.

A module raises one of these where it knows the remedy. Two places turn them into words: `cli` for a
terminal (with `exit_code`), `web.problems` for HTTP (with `status`, as an RFC 9457 problem).
"""

from __future__ import annotations


class TriplomacyError(Exception):
    """Something that a person can mend.

    Args:
        detail: what happened, naming the file, line, IRI or limit that it is about.
        remedy: what to do, in the imperative; empty where the title says it all.
    """

    title = "Something went wrong"
    exit_code = 1
    status = 500

    def __init__(self, detail: str, remedy: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.remedy = remedy


class SiteError(TriplomacyError):
    """The site folder or its `triplomacy.toml` cannot be used."""

    title = "The site cannot be read"
    exit_code = 2


class NotWritten(SiteError):
    """A file of the site cannot be written."""

    title = "The file cannot be written"


class CannotListen(TriplomacyError):
    """The server cannot listen at its address."""

    title = "The server cannot start"
    exit_code = 2


class ReleaseError(TriplomacyError):
    """A release cannot be written, found or read."""

    title = "The release cannot be used"
    exit_code = 3
    status = 503


class NoSearchIndex(ReleaseError):
    """A release was built without an index of its texts."""

    title = "This release cannot be searched"


class NotRunning(TriplomacyError):
    """A server or a query that the operator names does not run."""

    title = "That does not run"


class Unreachable(TriplomacyError):
    """Wikidata does not answer, or asks for patience that we do not have."""

    title = "Wikidata cannot be reached"
    exit_code = 4
    status = 502


class UnusableAnswer(TriplomacyError):
    """Wikidata, or who answers in its place, says what nobody can use."""

    title = "The answer from Wikidata cannot be used"
    exit_code = 4
    status = 502


class CheckFailed(TriplomacyError):
    """The data breaks a rule, so no release is made."""

    title = "The data does not pass the check"
    exit_code = 1


class BadRequest(TriplomacyError):
    """The client's request cannot be understood."""

    title = "The request cannot be understood"
    status = 400


class QuerySyntaxError(BadRequest):
    """A SPARQL query does not parse.

    Args:
        detail, remedy: see `TriplomacyError`.
        line, column: the place in the query, counted from 1; 0 where it is not known.
    """

    title = "The SPARQL query has a syntax error"

    def __init__(self, detail: str, remedy: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(detail, remedy)
        self.line = line
        self.column = column


class Forbidden(TriplomacyError):
    """The request is understood and refused for safety."""

    title = "This is not allowed here"
    status = 403


class NotFound(TriplomacyError):
    """Nothing is published under that IRI."""

    title = "Nothing is published here"
    status = 404


class NotAcceptable(TriplomacyError):
    """The client accepts none of the formats that there are."""

    title = "None of the formats that you accept is available"
    status = 406


class UnsupportedMediaType(TriplomacyError):
    """The request body has a media type that this resource does not take."""

    title = "The media type of the request body is not supported"
    status = 415


class Stopped(TriplomacyError):
    """A query was stopped, or could not start, for the sake of the others.

    Attributes:
        retry_after: seconds after which it may be worth to try again; None where it is not.
    """

    title = "The query was stopped"
    status = 503
    retry_after: int | None = None


class EndpointBusy(Stopped):
    """Too many queries run and wait already."""

    title = "The endpoint is busy"
    retry_after = 5


class EndpointStarting(EndpointBusy):
    """The query processes are not there, or not yet."""

    title = "The endpoint is starting"


class StoreError(Stopped):
    """The server that holds the release does not answer, or not as it should.

    Attributes:
        rejected: whether it says that the fault is in what it was asked.
        said: what it said; the detail names its address, too, which is for the operator alone.
    """

    title = "The store does not answer"
    exit_code = 3
    retry_after: int | None = 10
    rejected = False
    said = ""


class StoreCannot(Stopped):
    """The server that holds the release cannot do what the query asks, though it is SPARQL."""

    title = "The store cannot run this query"
    status = 501


class StoreTooSmall(StoreError):
    """The store's server gives no more than a part of an answer."""

    title = "The store gives only a part of the answer"
    status = 507
    retry_after = None


class OverBudget(Stopped):
    """A client has had as much processing as is its due.

    Args:
        detail, remedy: see `TriplomacyError`.
        retry_after: seconds until it has some again.
    """

    title = "Your queries have taken their share of this endpoint"
    status = 429

    def __init__(self, detail: str, remedy: str = "", retry_after: int = 1) -> None:
        super().__init__(detail, remedy)
        self.retry_after = retry_after


class QueryTooLong(Stopped):
    """A query passed its deadline."""

    title = "The query took too long"
    retry_after = 30


class QueryTooMuchMemory(Stopped):
    """A query passed its memory ceiling."""

    title = "The query needed too much memory"
    status = 507


class QueryTooDeep(Stopped):
    """A query is nested deeper than the engine's stack."""

    title = "The query is nested too deep"
    status = 400


class ResultTooLarge(Stopped):
    """An answer passed the ceiling of its size."""

    title = "The answer is too large"
    status = 507


class ServiceFailed(Stopped):
    """A service that a query calls gave no results."""

    title = "A service that the query calls has failed"
    status = 502


class ServiceTooSlow(ServiceFailed):
    """A service that a query calls took too long."""

    title = "A service that the query calls took too long"
    status = 504


class SearchTooSlow(Stopped):
    """A search passed its time."""

    title = "The search took too long"


class EngineFault(Stopped):
    """The engine failed while it ran a query, by a fault of its own."""

    title = "The engine failed"
    status = 500


class Left(Stopped):
    """The client went away before its answer came, so nobody will read this."""

    title = "The client left"


class Cancelled(Stopped):
    """The operator cancelled a query."""

    title = "The query was cancelled"
    retry_after = 60


class TooLarge(TriplomacyError):
    """What was asked for is too large to be written on request."""

    title = "This is too large to be written on request"
    status = 413


class TooMuchAtOnce(TriplomacyError):
    """A client asks for more in one request than it may."""

    title = "This is too much for one request"
    status = 413
