"""Search beside its peers: `python -m bench.search --labels 1000000`.

`data` makes names and queries, `engines` holds ours and the peers, each built and asked in a
process of its own. `__main__` runs them and prints.
"""
