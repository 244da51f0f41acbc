"""Federation: a stranger's query calls another endpoint, if the operator has listed it.

Theory of operation. The embedded engine calls whatever a SERVICE clause names, wherever a redirect
leads, for as long as it takes. So it never learns the name:

    query ── clauses: each service becomes an address of ours ──▶ engine
                                                                    │ POST http://127.0.0.1:…/token/2
                 listed endpoint ◀── exchange ◀── forwarder ◀───────┘

`clauses` replaces what a clause names by an address of the forwarder, and has the engine's parser
prove that no clause is left that names anything else. `forwarder` is a thread of the query process,
since the engine lets other threads run while it waits (the tests prove it for every kind of query):
so what a query waits for ends with its process, and nobody else can be in its way. It calls listed
endpoints alone, whatever was replaced by what, and `exchange` asks them with the means of
`fetching`: to public addresses alone, within a time and a size.

An answer is read whole and understood before the engine gets it. So a service either answers or
fails, and SILENT (SPARQL 1.1 Federated Query §2.3) passes over every way to fail. Each clause is
called once, however often the engine asks: the pattern goes out without the bindings around it, so
the answer is the same each time.
"""
