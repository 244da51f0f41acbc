/**
 * Reads SPARQL 1.1 Query Results JSON piece by piece, so that a million rows need not be held, and
 * an answer that was cut short still shows what had come.
 */
import type { Row, Term } from "./terms";

const BINDINGS = /"bindings"\s*:\s*\[/;
const CUT = /"THE ANSWER WAS CUT SHORT: ([^\n]*)/;

/** Why an answer that ends with `tail` is not whole; the server says so in its last words. */
export function cutShort(tail: string): string {
  return CUT.exec(tail)?.[1] ?? "the connection broke off";
}

export class ResultsReader {
  columns: string[] = [];
  rows: Row[] = [];
  /** The answer of ASK. */
  truth: boolean | undefined;
  /** Why the answer is not whole; empty if it is. */
  cut = "";

  #buffer = "";
  #at = 0; // up to here the buffer was looked at
  #start = -1; // where the solution begins that is being read
  #depth = 0;
  #inRows = false;
  #ended = false;

  /** @param limit how many rows to hold; more are not read. */
  constructor(private readonly limit: number) {}

  /** Whether nothing that comes later matters. */
  get isFull(): boolean {
    return this.rows.length > this.limit;
  }

  push(piece: string): void {
    this.#buffer += piece;
    if (!this.#inRows) this.#readHead();
    if (this.#inRows) this.#readRows();
  }

  /** The answer has ended, or is read no further. Returns whether there were more rows than held. */
  finish(): boolean {
    const more = this.isFull;
    if (more) this.rows.length = this.limit;
    else if (!this.#inRows) this.#readTruth();
    else if (!this.#ended) this.cut = cutShort(this.#buffer);
    this.#buffer = "";
    return more;
  }

  #readHead(): void {
    const found = BINDINGS.exec(this.#buffer);
    if (found === null) return;
    const start = found.index + found[0].length;
    const head = JSON.parse(this.#buffer.slice(0, start) + "]}}") as { head: { vars?: string[] } };
    this.columns = head.head.vars ?? [];
    this.#inRows = true;
    this.#at = start;
  }

  #readTruth(): void {
    try {
      const whole = JSON.parse(this.#buffer) as { boolean?: unknown; head?: { vars?: string[] } };
      if (typeof whole.boolean === "boolean") this.truth = whole.boolean;
      else this.cut = "the answer has neither rows nor a truth value";
    } catch {
      this.cut = cutShort(this.#buffer);
    }
  }

  #readRows(): void {
    const text = this.#buffer;
    let at = this.#at;
    for (; at < text.length && !this.#ended && !this.isFull; at++) {
      const sign = text[at];
      if (sign === '"') {
        const end = endOfString(text, at);
        if (end < 0) break; // the rest of it comes with the next piece
        at = end;
      } else if (sign === "{") {
        if (this.#depth++ === 0) this.#start = at;
      } else if (sign === "}") {
        if (--this.#depth === 0) this.#add(text.slice(this.#start, at + 1));
      } else if (sign === "]" && this.#depth === 0) {
        this.#ended = true;
      }
    }
    // What is read is dropped.
    const kept = this.#depth > 0 ? this.#start : at;
    this.#buffer = text.slice(kept);
    this.#start = 0;
    this.#at = at - kept;
  }

  #add(solution: string): void {
    const bound = JSON.parse(solution) as Record<string, Term>;
    // A column may be called `constructor`.
    this.rows.push(this.columns.map((name) => (Object.hasOwn(bound, name) ? bound[name]! : null)));
  }
}

/** Where the string that begins at `from` ends; -1 if it does not end in `text`. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; ; at++) {
    at = text.indexOf('"', at);
    if (at < 0) return -1;
    let slashes = 0;
    while (text[at - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return at;
  }
}
