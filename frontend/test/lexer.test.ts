import assert from "node:assert/strict";
import { test } from "node:test";
import { declaredPrefixes, formOf, placeOfPrefix, tokens, variables } from "../src/lexer";

const kinds = (text: string) => tokens(text).map((token) => `${token.kind}:${token.text}`);

test("an IRI is none where it is a comparison", () => {
  assert.deepEqual(kinds("?a < ?b && <http://e/x>"), [
    "variable:?a", "sign:<", "variable:?b", "sign:&&", "iri:<http://e/x>",
  ]); // prettier-ignore
});

test("a string ends with its line where it is not closed, and a long one does not", () => {
  assert.deepEqual(kinds('"a\n?x'), ['string:"a', "variable:?x"]);
  assert.deepEqual(kinds('"""a\n"b" # no comment\n""" ?x'), ['string:"""a\n"b" # no comment\n"""', "variable:?x"]);
  assert.deepEqual(kinds("'it\\'s' '''o'clock"), ["string:'it\\'s'", "string:'''o'clock"]);
});

test("a name keeps the dots within it and leaves the one that ends the triple", () => {
  assert.deepEqual(kinds("ex:a.b. :x _:b1 ."), ["name:ex:a.b", "sign:.", "name::x", "name:_:b1", "sign:."]);
});

test("a hash within an IRI or a string is no comment", () => {
  assert.deepEqual(kinds("<http://e/#a> '#b' #c"), ["iri:<http://e/#a>", "string:'#b'", "comment:#c"]);
});

test("prefixes are read from declarations, not from comments or strings", () => {
  const text = 'PREFIX a: <http://a/>\n# PREFIX b: <http://b/>\nprefix : <http://e/> SELECT ("PREFIX c: <http://c/>" AS ?x) {}';
  assert.deepEqual([...declaredPrefixes(text)], [["a", "http://a/"], ["", "http://e/"]]);
});

test("a new prefix goes below the others, or to the top", () => {
  assert.equal(placeOfPrefix("SELECT * {}"), 0);
  const text = "BASE <http://e/>\nPREFIX a: <http://a/> # mine\nSELECT * {}";
  assert.equal(text.slice(placeOfPrefix(text)), "SELECT * {}");
  assert.equal(placeOfPrefix("PREFIX a: <http://a/>"), 21);
});

test("variables count once, with either mark", () => {
  assert.deepEqual(variables("SELECT ?a $a ?__proto__ { ?a ?ü '?no' }"), ["a", "__proto__", "ü"]);
});

test("the form of a query is its first keyword of that kind, wherever others stand", () => {
  assert.equal(formOf("PREFIX ask: <http://e/select> # SELECT\nconstruct { ?s ?p 'ASK' } { ?s ?p ?o }"), "CONSTRUCT");
  assert.equal(formOf("ask {}"), "ASK");
  assert.equal(formOf(""), "SELECT");
});
