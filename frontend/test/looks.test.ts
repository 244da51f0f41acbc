import assert from "node:assert/strict";
import { test } from "node:test";
import { itemsOf, lanes, marks } from "../src/calendar";
import { at, dateColumns, spanOf } from "../src/dates";
import { draw, EDGES, guessEnds, NODES } from "../src/links";
import { look } from "../src/rows";
import { begin, close, keep, MOST, open, restore, titleOf } from "../src/tabs";
import { characters, shorten, type Row, type Term, XSD } from "../src/terms";

const iri = (name: string): Term => ({ type: "uri", value: `http://e/${name}` });
const typed = (value: string, type: string): Term => ({ type: "literal", value, datatype: XSD + type });
const plain = (value: string): Term => ({ type: "literal", value });

// Dates

test("a year lasts a year, a month a month, a day a day, and a moment no time", () => {
  assert.deepEqual(spanOf(typed("2024", "gYear")), { start: at(2024, 1, 1), end: at(2025, 1, 1) });
  assert.deepEqual(spanOf(typed("2024-02", "gYearMonth")), { start: at(2024, 2, 1), end: at(2024, 3, 1) });
  assert.deepEqual(spanOf(typed("2024-02-29", "date")), { start: at(2024, 2, 29), end: at(2024, 3, 1) });
  const moment = Date.UTC(2025, 1, 12, 18);
  assert.deepEqual(spanOf(typed("2025-02-12T18:00:00Z", "dateTime")), { start: moment, end: moment });
  assert.deepEqual(spanOf(typed("2025-02-12T20:00:00+02:00", "dateTime")), { start: moment, end: moment });
});

test("years before the common era and with two digits are themselves", () => {
  assert.equal(spanOf(typed("-0043-03-15", "date"))!.start, at(-43, 3, 15));
  assert.equal(new Date(spanOf(typed("0033", "gYear"))!.start).getUTCFullYear(), 33);
});

test("what is no date of its type has no span", () => {
  const none = [
    typed("2025-02-30", "date"), typed("2025", "date"), typed("2025-02-12", "gYear"), typed("soon", "date"),
    typed("2025-02-12", "string"), plain("2025-02-12"), iri("2025"), typed("999999-01-01", "date"), null,
  ]; // prettier-ignore
  for (const term of none) assert.equal(spanOf(term), null, JSON.stringify(term));
});

test("a column is one of dates if half of what it has are dates", () => {
  const rows: Row[] = [[iri("a"), typed("2024", "gYear"), null], [iri("b"), plain("?"), null]];
  assert.deepEqual(dateColumns(["a", "b", "c"], rows), [1]);
});

test("two columns of dates make one bar, the items stand in order, and the undated are counted", () => {
  const rows: Row[] = [
    [typed("2025-02-01", "date"), typed("2025-02-03", "date")],
    [typed("2024", "gYear"), null],
    [null, null],
    [typed("2025-02-09", "date"), typed("2025-02-01", "date")],
  ];
  const { items, undated, left } = itemsOf(rows, 0, 1);
  assert.deepEqual([undated, left], [1, 0]);
  assert.deepEqual(items.map((item) => item.span), [
    { start: at(2024, 1, 1), end: at(2025, 1, 1) },
    { start: at(2025, 2, 1), end: at(2025, 2, 4) },
    { start: at(2025, 2, 9), end: at(2025, 2, 10) },
  ]);
});

test("items that would cover each other lie in different lanes", () => {
  assert.deepEqual(lanes([{ left: 0, width: 10 }, { left: 5, width: 10 }, { left: 12, width: 3 }]), [0, 1, 0]);
});

test("marks of the axis are round and never too many", () => {
  const days = marks(at(2025, 2, 1), at(2025, 2, 8), 8);
  assert.equal(days[0]!.label, "1 Feb 2025");
  assert.ok(days.length <= 9);
  assert.deepEqual(marks(at(1990, 6, 1), at(2020, 6, 1), 4).map((mark) => mark.label), ["2000", "2010", "2020"]);
  assert.ok(marks(at(-5000, 1, 1), at(9000, 1, 1), 6).length <= 8);
  assert.ok(marks(at(2025, 1, 1), at(2025, 1, 1) + 1000, 6).length <= 8);
});

// Tables

const words = (term: Term): string => characters(term);
const rows: Row[] = [[typed("10", "integer")], [typed("9", "integer")], [null], [plain("b")], [plain("A")]];
const LOOK = { filter: "", column: 0, down: false, page: 0, size: 50 };

test("numbers sort by value, words without regard to case, and nothing last either way", () => {
  const order = (down: boolean) => look(rows, { ...LOOK, down }, words).rows.map(([term]) => term?.value ?? "");
  assert.deepEqual(order(false), ["9", "10", "A", "b", ""]);
  assert.deepEqual(order(true), ["b", "A", "10", "9", ""]);
});

test("a filter looks at every column and a page that is gone becomes the last", () => {
  assert.equal(look(rows, { ...LOOK, filter: " a " }, words).fitting, 1);
  const last = look(rows, { ...LOOK, column: -1, size: 2, page: 9 }, words);
  assert.deepEqual([last.page, last.pages, last.rows.length], [2, 3, 1]);
});

test("an IRI is shortened by the longest namespace, and only to what SPARQL can read", () => {
  const prefixes = new Map([["e", "http://e/"], ["x", "http://e/x/"]]);
  assert.equal(shorten("http://e/x/y", prefixes), "x:y");
  assert.equal(shorten("http://e/a/b", prefixes), "http://e/a/b");
});

// Graphs

test("subject and object are the ends where columns are called so, else the first two of things", () => {
  assert.deepEqual(guessEnds(["o", "p", "s"], []), { from: 2, label: 1, to: 0 });
  const row: Row = [plain("x"), iri("a"), iri("b")];
  assert.deepEqual(guessEnds(["n", "who", "what"], [row]), { from: 1, label: -1, to: 2 });
  assert.equal(guessEnds(["a", "b"], [[iri("a"), plain("b")]]), null);
});

test("edges between the same two nodes are one, with all its names", () => {
  const drawing = draw([[iri("a"), iri("p"), iri("b")], [iri("a"), iri("q"), iri("b")], [iri("a"), iri("p"), plain("x")]], { from: 0, label: 1, to: 2 }, false);
  assert.equal(drawing.nodes.length, 2);
  assert.deepEqual(drawing.edges.map((edge) => edge.terms.length), [2]);
});

test("a literal is another node than an IRI of the same characters", () => {
  const drawing = draw([[iri("a"), iri("p"), plain("http://e/a")]], { from: 0, label: 1, to: 2 }, true);
  assert.equal(drawing.nodes.length, 2);
});

test("no more is drawn than can be, and what is left out is counted", () => {
  const star: Row[] = Array.from({ length: 1000 }, (_, i) => [iri("hub"), iri("p"), iri(`n${i}`)]);
  const drawing = draw(star, { from: 0, label: 1, to: 2 }, false);
  assert.equal(drawing.nodes.length, NODES);
  assert.equal(drawing.left, 1000 - (NODES - 1));
  const dense: Row[] = [];
  for (let a = 0; a < 100; a++) for (let b = 0; b < 100; b++) dense.push([iri(`a${a}`), iri("p"), iri(`a${b}`)]);
  assert.equal(draw(dense, { from: 0, label: 1, to: 2 }, false).edges.length, EDGES);
});

// Tabs

function storage(text: string | null) {
  const kept = { text };
  return { kept, getItem: () => kept.text, setItem: (_: string, value: string) => void (kept.text = value) };
}

test("what is kept comes back, and what nobody of us has kept does not", () => {
  const desk = { tabs: [{ text: "ASK {}", seconds: "5" }, { text: "b", seconds: "" }], active: 1 };
  const here = storage(null);
  keep(here, desk);
  assert.deepEqual(restore(here), desk);
  for (const text of [null, "{", "[]", "7", '{"tabs":[]}', '{"tabs":[7,null]}']) assert.equal(restore(storage(text)), null);
  assert.equal(restore(storage('{"tabs":[{"text":"a"}],"active":99}'))!.active, 0);
});

test("a full or forbidden storage does no harm", () => {
  const forbidden = { getItem: () => { throw new Error("no"); }, setItem: () => { throw new Error("no"); } }; // prettier-ignore
  assert.equal(restore(forbidden), null);
  keep(forbidden, { tabs: [], active: 0 });
});

test("a link opens a tab of its own, once, and never writes over another", () => {
  const kept = { tabs: [{ text: "mine", seconds: "" }], active: 0 };
  const asked = { text: "ASK {}", seconds: "" };
  const opened = begin(kept, asked, true);
  assert.deepEqual(opened.tabs.map((tab) => tab.text), ["mine", "ASK {}"]);
  assert.equal(begin(opened, { text: "ASK {}\n", seconds: "" }, true).tabs.length, 2);
  assert.deepEqual(begin(kept, asked, false), kept);
});

test("there are never too many tabs, and never none", () => {
  let desk = { tabs: [{ text: "0", seconds: "" }], active: 0 };
  for (let i = 1; i < 50; i++) desk = open(desk, { text: String(i), seconds: "" });
  assert.equal(desk.tabs.length, MOST);
  const fresh = { text: "", seconds: "" };
  for (let i = 0; i < 50; i++) desk = close(desk, 0, fresh);
  assert.deepEqual(desk, { tabs: [fresh], active: 0 });
});

test("a tab is called as its first comment says", () => {
  assert.equal(titleOf({ text: "# title: Who\nASK {}", seconds: "" }, 0), "Who");
  assert.equal(titleOf({ text: "ASK {}", seconds: "" }, 1), "Query 2");
});
