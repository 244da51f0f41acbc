"""Engines answer questions about a release: `protocol` says how, the other modules do it."""
