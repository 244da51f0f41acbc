"""Finds the items of Wikidata that things of ours could be, and links those that people accept.

Theory of operation. A machine finds candidates and says why; a person decides; the link is written
with who decided, when, at which score, and whose suggestion it was. Nothing is linked by itself.

    unlinked (things, hints) ─▶ reconciling (candidates) ─▶ suggesting (explained, with doubts)
                                                              │
                              dialogue (terminal) ◀───────────┼──────────▶ review (a file to edit)
                                     └─────────▶ answers ◀────┘               │
                                                   └─▶ accepting (the links graph) ◀┘
"""
