/** Asks the endpoint: the request, the headers of its answer, and the reading of it up to a bound. */
import type { Settings } from "./settings";

export interface Question {
  query: string;
  /** The dataset, as fields of the protocol: `default-graph-uri`, `named-graph-uri`. */
  dataset: [string, string][];
  /** The time that the query may take, in seconds; empty for the server's limit. */
  seconds: string;
}

/** What the headers of an answer tell. */
export interface Told {
  mediaType: string;
  id: string;
  /** `seconds`, `rows`, `bytes`, `memory`. */
  limits: Map<string, number>;
  /** Milliseconds that the server took, as far as it knew when the answer began. */
  milliseconds: number | null;
  isRemembered: boolean;
}

/** A problem document (RFC 9457), as our server writes it. */
export interface Problem {
  title: string;
  status: number;
  detail: string;
  remedy?: string;
  line?: number;
  column?: number;
  /** Seconds after which it may be tried again, where the server says so. */
  retryAfter?: number;
}

export class Refused extends Error {
  constructor(readonly problem: Problem, readonly told: Told | null) {
    super(problem.title);
  }
}

/** The fields by which a question is asked. */
export function fields(question: Question, format = ""): [string, string][] {
  const asked: [string, string][] = [["query", question.query], ...question.dataset];
  if (question.seconds) asked.push(["timeout", question.seconds]);
  if (format) asked.push(["format", format]);
  return asked;
}

/** The address that asks a question, for short ones. */
export function addressOf(settings: Settings, asked: [string, string][]): string {
  // As in the links that the server makes: a space is %20.
  const encoded = asked.map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed?.() ?? value)}`);
  return `${settings.endpoint}?${encoded.join("&")}`;
}

/** Whether a question fits an address that every proxy lets pass. */
export function isShort(settings: Settings, question: Question): boolean {
  return question.query.length <= settings.long;
}

/**
 * Ask, and wait until the answer begins.
 *
 * @param accept media types, the preferred first
 * @throws Refused for whatever is no answer, with what the server says
 */
export async function ask(
  settings: Settings, question: Question, accept: string, signal: AbortSignal,
): Promise<{ response: Response; told: Told }> { // prettier-ignore
  const asked = fields(question);
  const common = { headers: { Accept: accept }, signal, cache: "no-store" } as const;
  const response = isShort(settings, question)
    ? await fetch(addressOf(settings, asked), common)
    : await fetch(settings.endpoint, { ...common, method: "POST", body: new URLSearchParams(asked) });
  const told = readTold(response.headers);
  if (response.ok) return { response, told };
  throw new Refused(await readProblem(response), told);
}

async function readProblem(response: Response): Promise<Problem> {
  const text = await response.text();
  let problem: Problem;
  try {
    problem = JSON.parse(text) as Problem;
  } catch {
    // Something between us and the server has answered.
    problem = { title: response.statusText || "The query was not answered", status: response.status, detail: "" };
  }
  const seconds = Number(response.headers.get("Retry-After") ?? NaN);
  return Number.isFinite(seconds) ? { ...problem, retryAfter: seconds } : problem;
}

export function readTold(headers: Headers): Told {
  const limits = new Map<string, number>();
  for (const part of (headers.get("Query-Limits") ?? "").split(",")) {
    const [name, value] = part.trim().split("=");
    if (name && value) limits.set(name, Number(value));
  }
  const timing = headers.get("Server-Timing") ?? "";
  const total = /\btotal;dur=([\d.]+)/.exec(timing)?.[1];
  return {
    mediaType: (headers.get("Content-Type") ?? "").split(";")[0]!.trim(),
    id: headers.get("Query-Id") ?? "",
    limits,
    milliseconds: total === undefined ? null : Number(total),
    isRemembered: /\bcache;desc=hit/.test(timing),
  };
}

interface Reader {
  push(piece: string): void;
  readonly isFull: boolean;
}

/** Hand the body to a reader piece by piece, until it ends or the reader is full. */
export async function feed(response: Response, reader: Reader): Promise<void> {
  const pieces = response.body!.getReader();
  const decoder = new TextDecoder();
  for (let yielded = performance.now(); ; ) {
    const { value, done } = await pieces.read();
    reader.push(decoder.decode(value, { stream: !done }));
    if (done) return;
    if (reader.isFull) return void pieces.cancel(); // the server need not send the rest
    if (performance.now() - yielded > 50) {
      await new Promise((go) => setTimeout(go)); // the page stays alive meanwhile
      yielded = performance.now();
    }
  }
}

/** Holds the first characters of a text. */
export class TextReader {
  text = "";
  constructor(private readonly limit: number) {}

  get isFull(): boolean {
    return this.text.length > this.limit;
  }

  push(piece: string): void {
    this.text += piece;
  }

  /** Cut to whole lines within the limit; returns whether there was more. */
  finish(): boolean {
    const more = this.isFull;
    if (more) {
      const end = this.text.lastIndexOf("\n", this.limit);
      this.text = this.text.slice(0, end > 0 ? end + 1 : this.limit);
    }
    return more;
  }
}
