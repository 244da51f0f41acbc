"""The kinds of things that are linked to Wikidata."""

from __future__ import annotations

KINDS = ("actor", "office", "place", "topic", "event")
"""In the order in which they are looked for."""
