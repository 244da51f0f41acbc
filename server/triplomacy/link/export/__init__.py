"""Giving back: what Wikidata could use of a site, as QuickStatements, reviewed line by line.

Theory of operation. Nothing here writes to Wikidata. What leaves is a text that a person reads,
takes to QuickStatements and answers for, so each line of it has been asked about, alone.

    asserted (what the sources say has happened) ──┐
    checking (our links, and what Wikidata has) ───┼─▶ offers ─▶ decisions ─▶ quickstatements
    references (where it stands) ──────────────────┘              (a file,     (V1 or CSV)
                                                                  `asking` fills it)

A line is offered only if the source vouches for it in its own voice, if `properties` can express
it, if both of its ends are linked and `link check` finds nothing wrong with the links, and if
Wikidata does not have it. A decision holds for exactly the words that were shown.
"""
