"""Releases: immutable folders built from a site, one of them `current`."""
