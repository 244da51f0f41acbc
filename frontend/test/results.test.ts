import assert from "node:assert/strict";
import { test } from "node:test";
import { ResultsReader } from "../src/results";
import { TriplesReader, readTriple } from "../src/ntriples";

const ANSWER = JSON.stringify({
  head: { vars: ["s", "__proto__", "constructor"] },
  results: {
    bindings: [
      { s: { type: "uri", value: "http://e/{\"}" }, ["__proto__"]: { type: "literal", value: "a\"b\\", "xml:lang": "en" } },
      {},
      { constructor: { type: "literal", value: "]}" } },
    ],
  },
}); // prettier-ignore

function read(pieces: string[], limit = 100): ResultsReader & { more: boolean } {
  const reader = new ResultsReader(limit);
  for (const piece of pieces) reader.push(piece);
  return Object.assign(reader, { more: reader.finish() });
}

test("rows are the same wherever the answer is cut into pieces", () => {
  const whole = read([ANSWER]);
  assert.equal(whole.rows.length, 3);
  assert.equal(whole.cut, "");
  for (let size = 1; size < 40; size++) {
    const pieces = ANSWER.match(new RegExp(`[^]{1,${size}}`, "g"))!;
    assert.deepEqual(read(pieces).rows, whole.rows);
  }
});

test("a column may have the name of something that every object has", () => {
  const { columns, rows } = read([ANSWER]);
  assert.deepEqual(columns, ["s", "__proto__", "constructor"]);
  assert.equal(rows[0]![1]!.value, 'a"b\\');
  assert.deepEqual(rows[1], [null, null, null]);
  assert.equal(rows[2]![2]!.value, "]}");
});

test("no more rows are held than the limit, and it is said that there were more", () => {
  const rows = Array.from({ length: 50 }, (_, i) => ({ n: { type: "literal", value: String(i) } }));
  const text = JSON.stringify({ head: { vars: ["n"] }, results: { bindings: rows } });
  const cut = read([text], 10);
  assert.equal(cut.more, true);
  assert.equal(cut.rows.length, 10);
  assert.equal(read([text], 50).more, false);
});

test("an answer that was cut short keeps its rows and tells why", () => {
  const start = '{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"literal","value":"1"}},{"n":{"type":"lit';
  const told = read([start, '\n"THE ANSWER WAS CUT SHORT: it has more than 10 rows\n']);
  assert.equal(told.rows.length, 1);
  assert.equal(told.cut, "it has more than 10 rows");
  assert.equal(read([start]).cut, "the connection broke off");
  assert.equal(read(['{"head"']).cut, "the connection broke off");
});

test("a truth value is read", () => {
  assert.equal(read(['{"head":{},"boolean":', "false}"]).truth, false);
  assert.equal(read([ANSWER]).truth, undefined);
});

test("a result of no rows or no columns is whole", () => {
  const empty = read(['{"head":{"vars":["a"]},"results":{"bindings":[]}}']);
  assert.deepEqual([empty.columns, empty.rows, empty.cut], [["a"], [], ""]);
  assert.deepEqual(read(['{"head":{"vars":[]},"results":{"bindings":[{},{}]}}']).rows, [[], []]);
});

test("triples are read with escapes, languages, datatypes, blank nodes", () => {
  assert.deepEqual(readTriple('<http://e/\\u00e9> <http://e/p> "a\\"b\\n\\U0001F600"@de-CH .'), [
    { type: "uri", value: "http://e/é" },
    { type: "uri", value: "http://e/p" },
    { type: "literal", value: 'a"b\n😀', "xml:lang": "de-CH" },
  ]);
  const [subject, , object] = readTriple('_:b.1 <http://e/p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .')!;
  assert.deepEqual(subject, { type: "bnode", value: "b.1" });
  assert.deepEqual(object, { type: "literal", value: "1", datatype: "http://www.w3.org/2001/XMLSchema#integer" });
});

test("a triple may be the object of another", () => {
  const [, , object] = readTriple('<http://e/a> <http://e/says> <<( <http://e/b> <http://e/p> "c" )>> .')!;
  assert.equal(object.type, "triple");
});

test("triples stop where the answer was cut short, or is longer than what is held", () => {
  const reader = new TriplesReader(10);
  reader.push('<http://e/a> <http://e/p> "x" .\n<http://e/a> <http');
  reader.push('\n"THE ANSWER WAS CUT SHORT: too long\n');
  assert.equal(reader.finish(), false);
  assert.equal(reader.rows.length, 1);
  assert.equal(reader.cut !== "", true);
  const full = new TriplesReader(1);
  full.push('<http://e/a> <http://e/p> "x" .\n'.repeat(3));
  assert.equal(full.finish(), true);
  assert.equal(full.rows.length, 1);
});
