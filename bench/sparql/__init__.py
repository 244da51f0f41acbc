"""The endpoint beside its peers: `python -m bench.sparql --triples 1000000`.

`data` makes the triples, `queries` the queries, `engines` starts what is measured, `agreement`
compares the answers, `load` sends requests and counts, `stopping` measures deadlines and kills,
`building` measures how a store is made. `__main__` runs them in this order and prints.
"""
