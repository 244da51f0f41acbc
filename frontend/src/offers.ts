/** What the editor offers at a place in a query. Knows no editor. */
import { declaredPrefixes, type Token, tokens, variables } from "./lexer";
import { RDF_TYPE, shorten } from "./terms";
import type { Thing, UsedTerm, Vocabulary } from "./vocabulary";

export interface Offer {
  kind: "keyword" | "variable" | "prefix" | "class" | "property" | "thing";
  /** What is written. */
  text: string;
  /** A few words beside it. */
  detail: string;
  /** What it means. */
  info: string;
  /** The prefix that the query must declare for it; empty for none. */
  prefix: string;
}

export interface Offers {
  /** Where the offers' text begins; it replaces what stands from there to the place. */
  from: number;
  offers: Offer[];
  /** The beginning of an IRI, if things may be meant; and the prefixed name that it comes from. */
  starts: string;
}

const KEYWORDS = (
  "SELECT DISTINCT REDUCED CONSTRUCT DESCRIBE ASK WHERE FROM NAMED PREFIX BASE OPTIONAL UNION MINUS " +
  "GRAPH FILTER BIND VALUES EXISTS NOT IN AS GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET UNDEF " +
  "COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR BOUND IF COALESCE REGEX REPLACE STR LANG " +
  "LANGMATCHES DATATYPE IRI BNODE STRLEN SUBSTR UCASE LCASE STRSTARTS STRENDS CONTAINS STRBEFORE " +
  "STRAFTER ENCODE_FOR_URI CONCAT ABS ROUND CEIL FLOOR RAND NOW YEAR MONTH DAY HOURS MINUTES SECONDS " +
  "TIMEZONE TZ MD5 SHA1 SHA256 SHA384 SHA512 STRLANG STRDT UUID STRUUID isIRI isBlank isLiteral isNumeric " +
  "sameTerm true false"
).split(" ");
const MOST = 60;

/** @param asked whether the writer asked for offers, so that nothing need be written yet. */
export function offersAt(text: string, place: number, vocabulary: Vocabulary, asked = false): Offers | null {
  const before = tokens(text.slice(0, place));
  const last = before.at(-1);
  const touches = last !== undefined && last.to === place;
  if (touches && ["comment", "string", "iri", "number"].includes(last.kind)) return null;
  if (last?.kind === "comment" && !text.slice(last.to, place).includes("\n")) return null;
  const written = touches && ["variable", "name", "word"].includes(last.kind) ? last : null;
  if (!written && !asked) return null;
  const earlier = (written ? before.slice(0, -1) : before).filter((t) => t.kind !== "comment");
  const from = written?.from ?? place;
  const start = written?.text ?? "";
  if (start.startsWith("@")) return null;
  if (written?.kind === "variable") return { from, offers: ofVariables(text, start, from), starts: "" };
  if (isPrologue(earlier)) return { from, offers: ofPrologue(start, vocabulary), starts: "" };
  const known = knownPrefixes(text, vocabulary);
  const expected = expectedAfter(earlier, known);
  const terms = ofTerms(start, expected, vocabulary, known);
  if (written?.kind === "name") {
    const [prefix = "", local = ""] = split(start);
    const namespace = known.get(prefix);
    return { from, offers: terms, starts: namespace === undefined ? "" : namespace + local };
  }
  const words = start ? ofKeywords(start) : [];
  const offers = [...ofPrefixes(start, vocabulary, declaredPrefixes(text)), ...terms, ...words];
  return { from, offers: asked && !start ? [...terms, ...ofVariables(text, "", from)] : offers, starts: "" };
}

/** What the query declares, first, and what the site knows beside it. */
export function knownPrefixes(text: string, { prefixes }: Vocabulary): Map<string, string> {
  const known = declaredPrefixes(text);
  for (const [prefix, namespace] of prefixes) if (!known.has(prefix)) known.set(prefix, namespace);
  return known;
}

/** Things as offers; those whose names need escapes are left out. */
export function ofThings(things: Thing[], prefixes: Map<string, string>): Offer[] {
  return things.flatMap((thing) => {
    const name = shorten(thing.iri, prefixes);
    if (name === thing.iri) return [];
    return [{ kind: "thing", text: name, detail: thing.label, info: "", prefix: split(name)[0] ?? "" }];
  });
}

function ofVariables(text: string, start: string, from: number): Offer[] {
  const mark = start[0] ?? "?";
  const others = variables(text.slice(0, from) + " " + text.slice(from + start.length));
  const fitting = others.filter((name) => (mark + name).toLowerCase().startsWith(start.toLowerCase()));
  return fitting.map((name) => plain("variable", mark + name));
}

function ofKeywords(start: string): Offer[] {
  const fitting = KEYWORDS.filter((word) => word.toLowerCase().startsWith(start.toLowerCase()));
  return fitting.map((word) => plain("keyword", word));
}

/** Prefixes that the query does not declare yet; to take one adds its line. */
function ofPrefixes(start: string, { prefixes }: Vocabulary, declared: Map<string, string>): Offer[] {
  if (!start) return [];
  const fitting = [...prefixes].filter(([prefix]) => prefix.startsWith(start.toLowerCase()));
  return fitting.map(([prefix, namespace]) => ({
    kind: "prefix",
    text: `${prefix}:`,
    detail: declared.has(prefix) ? "" : "adds its PREFIX line",
    info: namespace,
    prefix,
  }));
}

/** After the word PREFIX: whole declarations. */
function ofPrologue(start: string, { prefixes }: Vocabulary): Offer[] {
  const fitting = [...prefixes].filter(([prefix]) => `${prefix}:`.startsWith(start.toLowerCase()));
  return fitting.map(([prefix, iri]) => ({ ...plain("prefix", `${prefix}: <${iri}>`), info: iri }));
}

type Expected = "class" | "property" | "any";

function ofTerms(start: string, expected: Expected, vocabulary: Vocabulary, known: Map<string, string>): Offer[] {
  const wanted = start.toLowerCase();
  const ranked: { offer: Offer; rank: number; count: number }[] = [];
  const add = (kind: "class" | "property", terms: UsedTerm[]): void => {
    for (const term of terms) {
      const name = shorten(term.iri, known);
      const rank = rankOf(wanted, name, term.label);
      if (rank === null) continue;
      ranked.push({ offer: ofTerm(kind, term, name), rank: rank + (expected === kind ? 0 : 10), count: term.count });
    }
  };
  if (expected !== "class") add("property", vocabulary.properties);
  if (expected !== "property") add("class", vocabulary.classes);
  ranked.sort((a, b) => a.rank - b.rank || b.count - a.count);
  return ranked.slice(0, MOST).map(({ offer }) => offer);
}

/** How well a term fits what is written; null if it does not. People know a label, a local name, or the start of it. */
function rankOf(wanted: string, name: string, label: string): number | null {
  const [full, words] = [name.toLowerCase(), label.toLowerCase()];
  const local = split(full)[1] ?? full;
  if (full.startsWith(wanted)) return 0;
  const [prefix, end] = split(wanted);
  if (end !== undefined) {
    if (!full.startsWith(`${prefix}:`)) return null;
    return local.includes(end) || words.includes(end) ? 2 : null;
  }
  if (local.startsWith(wanted)) return 1;
  if (wanted.length < 2) return null;
  return words.startsWith(wanted) || words.includes(` ${wanted}`) ? 2 : local.includes(wanted) ? 3 : null;
}

function ofTerm(kind: "class" | "property", term: UsedTerm, name: string): Offer {
  const isName = name !== term.iri;
  const unit = kind === "class" ? (term.count === 1 ? "thing" : "things") : term.count === 1 ? "triple" : "triples";
  const count = `${term.count.toLocaleString("en-GB")} ${unit}`;
  return {
    kind,
    text: isName ? name : `<${term.iri}>`,
    detail: name.endsWith(term.label) ? count : `${term.label} · ${count}`,
    info: term.comment,
    prefix: isName ? (split(name)[0] ?? "") : "",
  };
}

/** What stands next, told from what stands before: after `a` a class, after a subject or `;` a property. */
function expectedAfter(earlier: Token[], known: Map<string, string>): Expected {
  const last = earlier.at(-1);
  if (last === undefined) return "any";
  const [prefix, local] = last.kind === "name" ? split(last.text) : [];
  const isType = last.kind === "word" ? last.text === "a" : (known.get(prefix ?? "") ?? "") + local === RDF_TYPE;
  if (isType) return "class";
  if (last.text === ";") return "property";
  const isTerm = ["variable", "name", "iri"].includes(last.kind);
  const previous = earlier.at(-2)?.text ?? "";
  return isTerm && ["{", ".", "}"].includes(previous) ? "property" : "any";
}

function isPrologue(earlier: Token[]): boolean {
  const last = earlier.at(-1);
  return last?.kind === "word" && last.text.toUpperCase() === "PREFIX";
}

function split(name: string): (string | undefined)[] {
  const at = name.indexOf(":");
  return at < 0 ? [name] : [name.slice(0, at), name.slice(at + 1)];
}

function plain(kind: Offer["kind"], text: string): Offer {
  return { kind, text, detail: "", info: "", prefix: "" };
}
