"""Wikidata: which of our things are items there, whether that is still true, and what it lacks.

Theory of operation. A link is a number that somebody looked up once; items are merged and deleted
since. Everything here asks Wikidata for what stands behind a number, nothing here ever makes one
up, and nothing is linked or given without a person's yes.

    suggest ──▶ the links of the site ──▶ check ──▶ findings, the record of the last check
                     │        │
                     │        └──▶ local (names and descriptions, kept in a graph)
                     └──▶ export (what Wikidata lacks, as QuickStatements)

All of them stand on the same ground: `linked` is what the site says about what it links; `client`
asks as politely as Wikimedia wants (User-Agent with a contact, maxlag, Retry-After), `entities`
asks in batches and keeps the answers in `cache`, `items` gives hostile JSON a type. `files` and
`turtle_text` change files so that nothing is lost. `stand_in` is a Wikidata of forty items on this
machine; the client that asks it is the real one.
"""
