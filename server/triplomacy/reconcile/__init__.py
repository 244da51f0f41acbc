"""Reconciliation: which of a site's things a name in somebody's table means.

Implements the Reconciliation Service API 0.2 (W3C Entity Reconciliation Community Group, Final
Report of 10 April 2023), without HTTP: requests are read, candidates found and scored, values of
properties told. Names are looked up in the release's search index, all else in its engine.
"""
