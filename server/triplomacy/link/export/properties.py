"""The few properties of Wikidata that are written, each with its number and label there.

A number is added by a person who has looked it up, and never from memory alone.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Property:
    """A property of Wikidata: its number, such as P39, and its label in English."""

    id: str
    label: str


POSITION_HELD = Property("P39", "position held")
PARTICIPANT = Property("P710", "participant")
POINT_IN_TIME = Property("P585", "point in time")
LOCATION = Property("P276", "location")

START_TIME = Property("P580", "start time")
END_TIME = Property("P582", "end time")

STATED_IN = Property("P248", "stated in")
REFERENCE_URL = Property("P854", "reference URL")
TITLE = Property("P1476", "title")
PUBLICATION_DATE = Property("P577", "publication date")
RETRIEVED = Property("P813", "retrieved")
QUOTATION = Property("P1683", "quotation")

# Never written, but looked at: an item that says it in another way needs no second statement.
PARTICIPANT_IN = Property("P1344", "participant in")
COUNTRY = Property("P17", "country")
