"""The remote engine: a release on somebody's SPARQL 1.1 server, asked as if it were embedded.

Theory of operation. A server holds one dataset, which it may share with other sites and with older
releases; so each release lies in graphs of its own, whose names begin with a prefix that no other
release has (`place`):

    {prefix}graph/1, 2, …   its named graphs
    {prefix}union           the union of them, in which each triple counts once
    {prefix}names           which graph is which, and a mark that the release is whole

People and pages speak of the graphs by their own names, so every query, ours and a stranger's, is
written anew before it is sent (`rewriting`, on the tokens that `lexis` finds): its default graph
becomes the union, its GRAPH and FROM the release's graphs and nobody else's. What is sent is always
a SELECT: of ASK we take whether there is a row, of CONSTRUCT the solutions, from which the graph is
made here (`results`), since servers agree least on how they write graphs.

    query ─ engine.parser ─▶ lexis ─▶ rewriting ─▶ http ─▶ server
    answer ◀─ our writers ◀─ results ◀─ terms ◀────────────┘

Blank nodes are loaded as IRIs (RDF 1.1 Concepts §3.5), because a blank node cannot be named in the
next request; `terms` turns them back, and gives literals the spelling that they have in the facts
where the server has changed it. What else a server does in its own way stands in `dialects`.

A release's graphs never change once the mark stands, so what was read may be remembered (`memory`).
"""
