/** RDF terms as SPARQL's JSON results write them, and how they are told, shortened and ordered. */

export type Term =
  | { type: "uri"; value: string }
  | { type: "bnode"; value: string }
  | { type: "literal" | "typed-literal"; value: string; "xml:lang"?: string; datatype?: string }
  | { type: "triple"; value: { subject: Term; predicate: Term; object: Term } };

/** A solution: a term, or nothing, for each column. */
export type Row = (Term | null)[];

export const XSD = "http://www.w3.org/2001/XMLSchema#";
export const RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
export const RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label";

export function isIri(term: Term | null | undefined): term is { type: "uri"; value: string } {
  return term?.type === "uri";
}

export function isLiteral(
  term: Term | null | undefined,
): term is { type: "literal" | "typed-literal"; value: string; "xml:lang"?: string; datatype?: string } {
  return term?.type === "literal" || term?.type === "typed-literal";
}

/** The characters of a term, without its language and datatype. */
export function characters(term: Term): string {
  if (term.type === "bnode") return `_:${term.value}`;
  if (term.type !== "triple") return term.value;
  const { subject, predicate, object } = term.value;
  return `<< ${characters(subject)} ${characters(predicate)} ${characters(object)} >>`;
}

/** What tells a term from all others. */
export function key(term: Term): string {
  if (!isLiteral(term)) return `${term.type} ${characters(term)}`;
  return `literal ${term["xml:lang"] ?? term.datatype ?? ""} ${term.value}`;
}

/** An IRI as a prefixed name, by the longest namespace; as it stands if none fits. */
export function shorten(iri: string, prefixes: Map<string, string>): string {
  let [best, namespace] = ["", ""];
  for (const [prefix, each] of prefixes) {
    if (iri.startsWith(each) && each.length > namespace.length) [best, namespace] = [prefix, each];
  }
  const local = iri.slice(namespace.length);
  // What SPARQL would need to escape in a local name stays an IRI (§4.1.1).
  return namespace && /^(?:[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?)?$/u.test(local)
    ? `${best}:${local}`
    : iri;
}

const NUMERIC = new Set(
  ["integer", "decimal", "double", "float", "int", "long", "short", "byte", "nonNegativeInteger",
    "positiveInteger", "negativeInteger", "nonPositiveInteger", "unsignedInt", "unsignedLong",
    "unsignedShort", "unsignedByte"].map((name) => XSD + name),
); // prettier-ignore

/** The number that a literal stands for; NaN if it stands for none. */
export function numberOf(term: Term | null): number {
  if (!isLiteral(term) || !NUMERIC.has(term.datatype ?? "")) return NaN;
  return Number(term.value.replace("INF", "Infinity"));
}

const words = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Orders terms for people: nothing last, numbers by their value, all else as `shown` tells it. */
export function compare(
  a: Term | null, b: Term | null, shown: (term: Term) => string, down: boolean,
): number { // prettier-ignore
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const [x, y] = [numberOf(a), numberOf(b)];
  const both = !Number.isNaN(x) && !Number.isNaN(y);
  const order = both ? x - y : words.compare(shown(a), shown(b));
  return down ? -order : order;
}
