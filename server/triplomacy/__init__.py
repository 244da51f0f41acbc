"""Triplomacy publishes diplomacy as linked data: a folder of Turtle in, a citable site out."""

__version__ = "0.1.0"
