"""Finds things of a release by words: what is indexed, how it is written, and how it is read."""
