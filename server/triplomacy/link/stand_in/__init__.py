"""A stand-in for Wikidata, for working offline and for tests: the real protocols, forty items.

Theory of operation. `items` holds Wikidata's own JSON, one file an item, read from `data`. Each
module speaks one protocol over them, and is a function from what was asked to a `Reply`:
`action_api` (MediaWiki's action API), `entity_data` (Special:EntityData and the entity's IRI),
`reconciliation` (the Entity Reconciliation Community Group's, 0.1 and 0.2) and `sparql`. `server`
listens and routes, and `faults` answers as the real thing does on a bad day, or as somebody
malicious would, when a request, or whoever started the server, asks for it.
"""
