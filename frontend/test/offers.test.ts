import assert from "node:assert/strict";
import { test } from "node:test";
import { offersAt, ofThings } from "../src/offers";
import { fits, type Vocabulary } from "../src/vocabulary";

const V = "https://vocab.example/";
const SKOS = "http://www.w3.org/2004/02/skos/core#";
const term = (iri: string, label: string, count: number) => ({ iri, label, count, comment: `About ${label}.` });
const VOCABULARY: Vocabulary = {
  prefixes: new Map([["v", V], ["skos", SKOS], ["rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"]]),
  classes: [term(`${V}Event`, "Event", 7), term(`${V}Person`, "Person", 9)],
  properties: [term(`${SKOS}prefLabel`, "preferred label", 40), term(`${V}place`, "took place in", 5), term("urn:x:y", "y", 1)],
}; // prettier-ignore

/** The texts that are offered where `|` stands. */
function at(text: string, asked = false): string[] | null {
  const place = text.indexOf("|");
  const found = offersAt(text.replace("|", ""), place, VOCABULARY, asked);
  return found && found.offers.map((offer) => offer.text);
}

test("an unknown prefix is offered with the line that it needs", () => {
  const found = offersAt("SELECT * { ?s sko", 17, VOCABULARY)!;
  const [offer] = found.offers;
  assert.deepEqual([offer!.text, offer!.prefix, offer!.detail, found.from], ["skos:", "skos", "adds its PREFIX line", 14]);
});

test("after a prefix come its terms, also where it is not declared yet", () => {
  assert.deepEqual(at("SELECT * { ?s skos:|"), ["skos:prefLabel"]);
  assert.deepEqual(at("SELECT * { ?s skos:label|"), ["skos:prefLabel"]);
});

test("a prefix means what the query declares", () => {
  assert.deepEqual(at(`PREFIX w: <${V}> SELECT * { ?s w:pl|`), ["w:place"]);
});

test("terms are found by their label, with their count and comment", () => {
  const found = offersAt("SELECT * { ?s took", 18, VOCABULARY)!;
  const offer = found.offers.find((each) => each.text === "v:place")!;
  assert.equal(offer.detail, "took place in · 5 triples");
  assert.equal(offer.info, "About took place in.");
});

test("after “a” come classes, the most used first, and after a subject or ; properties", () => {
  assert.deepEqual(at("SELECT * { ?s a v:|"), ["v:Person", "v:Event"]);
  assert.deepEqual(at("SELECT * { ?s rdf:type v:|"), ["v:Person", "v:Event"]);
  assert.deepEqual(at("SELECT * { ?s v:|"), ["v:place"]);
  assert.deepEqual(at("SELECT * { ?s a v:Event ; v:|"), ["v:place"]);
  assert.deepEqual(at("SELECT * { ?s |", true)!.slice(0, 3), ["skos:prefLabel", "v:place", "<urn:x:y>"]);
});

test("variables of the query are offered, but not the one that is being written", () => {
  assert.deepEqual(at("SELECT ?event ?end { ?e| }"), ["?event", "?end"]);
  assert.deepEqual(at("SELECT ?event { $ev| }"), ["$event"]);
});

test("keywords are offered by their beginning", () => {
  assert.ok(at("SELECT * { opt|")!.includes("OPTIONAL"));
});

test("nothing is offered within strings, comments, IRIs and language tags", () => {
  for (const text of ["'skos:|", "# skos:|", "<http://e/|>", "'a'@e|", "12|", "# sk |"]) {
    assert.equal(at(`SELECT * { ?s ?p ${text}`), null, text);
  }
});

test("nothing is offered unasked where nothing is written", () => {
  assert.equal(at("SELECT * { ?s |"), null);
});

test("after PREFIX come declarations as a whole", () => {
  assert.deepEqual(at("PREFIX sk|"), [`skos: <${SKOS}>`]);
});

test("a prefixed name asks for things by the beginning of their IRI", () => {
  assert.equal(offersAt("SELECT * { v:ca", 15, VOCABULARY)!.starts, `${V}ca`);
  assert.equal(offersAt("SELECT * { none:ca", 18, VOCABULARY)!.starts, "");
});

test("a thing whose name would need escapes is not offered", () => {
  const things = [{ iri: `${V}call`, label: "A call" }, { iri: `${V}a/b`, label: "No name" }];
  assert.deepEqual(ofThings(things, VOCABULARY.prefixes).map((offer) => offer.text), ["v:call"]);
});

test("entities of Wikidata are offered by their numbers and by the words of their names", () => {
  const putin = { iri: "http://www.wikidata.org/entity/Q7747", label: "Vladimir Putin" };
  const starts = (end: string) => fits(putin, `http://www.wikidata.org/entity/${end}`);
  assert.deepEqual(["", "Q77", "pu", "Vlad", "tin", "Q8"].map(starts), [true, true, true, true, false, false]);
  assert.equal(fits({ iri: `${V}id/x`, label: "Putin" }, `${V}id/pu`), false);
  const [offer] = ofThings([putin], new Map([["wd", "http://www.wikidata.org/entity/"]]));
  assert.deepEqual([offer!.text, offer!.detail, offer!.prefix], ["wd:Q7747", "Vladimir Putin", "wd"]);
});
