"""Wikidata: which of our things are items there, and whether that is still true.

Theory of operation. A link is a number that somebody looked up once; items are merged and deleted
since. Everything here asks Wikidata for what stands behind a number, and nothing here ever makes
one up.

    linked (the site's links) ──┐
                                ├─▶ checking ─▶ findings ─▶ text, JSON, Turtle; record (a graph)
    entities ─▶ items ──────────┘                      └─▶ mending (redirects in the links file)
       │
     cache ◀─ client ─▶ www.wikidata.org, another Wikibase, or the stand-in

`client` is polite as Wikimedia asks (User-Agent with a contact, maxlag, Retry-After), `entities`
asks in batches and keeps the answers in `cache`, and `items` gives hostile JSON a type. `stand_in`
is a Wikidata of forty items on this machine; the client that asks it is the real one.
"""
