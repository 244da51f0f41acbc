"""Reconciliation beside a peer: `python -m bench.reconcile --labels 400 1000000`.

`batches` draws a thousand names from the data that `bench.search` makes, `engines` holds ours and
the peer, each built and asked in a process of its own. `__main__` runs them and prints.
"""
