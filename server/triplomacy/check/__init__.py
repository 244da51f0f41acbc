"""Checking: SHACL by either of two engines, and the rules that span files."""
