/** Reads N-Triples line by line, as `results.ts` reads rows. */
import { cutShort } from "./results";
import type { Row, Term } from "./terms";
import { XSD } from "./terms";

const TOKEN = /\s*(?:<<\(|\)>>|<([^>]*)>|_:([^\s<"]*[^\s<".])|"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?|\.)/y;
const ESCAPE = /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g;
const SHORT: Record<string, string> = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };

export const TRIPLE = ["subject", "predicate", "object"];

export class TriplesReader {
  rows: Row[] = [];
  /** Why the answer is not whole; empty if it is. */
  cut = "";
  #buffer = "";

  /** @param limit how many triples to hold; more are not read. */
  constructor(private readonly limit: number) {}

  get isFull(): boolean {
    return this.rows.length > this.limit;
  }

  push(piece: string): void {
    const lines = (this.#buffer + piece).split("\n");
    this.#buffer = lines.pop() ?? "";
    for (const line of lines) this.#read(line);
  }

  /** The answer has ended, or is read no further. Returns whether there were more triples than held. */
  finish(): boolean {
    this.#read(this.#buffer);
    const more = this.isFull;
    if (more) this.rows.length = this.limit;
    return more;
  }

  #read(line: string): void {
    if (this.cut || this.isFull || /^\s*(?:#|$)/.test(line)) return;
    const triple = readTriple(line);
    if (triple) this.rows.push(triple);
    else this.cut = cutShort(line);
  }
}

/** The three terms of a line; null if it is none. */
export function readTriple(line: string): [Term, Term, Term] | null {
  const reader = new LineReader(line);
  const [subject, predicate, object] = [reader.term(), reader.term(), reader.term()];
  return subject && predicate && object ? [subject, predicate, object] : null;
}

class LineReader {
  #at = 0;
  constructor(private readonly line: string) {}

  term(): Term | null {
    TOKEN.lastIndex = this.#at;
    const found = TOKEN.exec(this.line);
    if (found === null) return null;
    this.#at = TOKEN.lastIndex;
    const [text, iri, blank, value, language, datatype] = found;
    if (text.trim() === "<<(") return this.#tripleTerm();
    if (iri !== undefined) return { type: "uri", value: unescape(iri) };
    if (blank !== undefined) return { type: "bnode", value: blank };
    if (value === undefined) return null;
    const literal: Term = { type: "literal", value: unescape(value) };
    if (language) literal["xml:lang"] = language;
    if (datatype && datatype !== `${XSD}string`) literal.datatype = unescape(datatype);
    return literal;
  }

  /** A term that is a triple (RDF 1.2 N-Triples §2.2). */
  #tripleTerm(): Term | null {
    const [subject, predicate, object] = [this.term(), this.term(), this.term()];
    this.term(); // the closing sign
    return subject && predicate && object
      ? { type: "triple", value: { subject, predicate, object } }
      : null;
  }
}

function unescape(text: string): string {
  return text.replace(ESCAPE, (_, four?: string, eight?: string, short?: string) =>
    short === undefined ? String.fromCodePoint(parseInt(four ?? eight ?? "", 16)) : (SHORT[short] ?? short),
  );
}
