"""Whether every link still leads to what is meant: asked, told, kept, and mended where it is safe.

checking (rules) ─▶ verdicts ─▶ report (JSON, EARL) ─▶ record (a graph of the site)
                      ├───────▶ gate (findings of `triplomacy check --links`)
                      └───────▶ mending (redirects, in the files where they stand)
"""
