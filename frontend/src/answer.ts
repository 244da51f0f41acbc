/** An answer as the views show it, asked for in the format that the first view needs. */
import { ask, feed, type Question, TextReader, type Told } from "./endpoint";
import { TRIPLE, TriplesReader } from "./ntriples";
import { ResultsReader } from "./results";
import type { Settings } from "./settings";
import type { Row } from "./terms";

/** Rows that the page holds; the downloads have all. */
export const ROWS = 10_000;
/** Characters of a format that the page shows. */
export const CHARACTERS = 200_000;

/** Solutions, or triples as solutions of three columns. */
export interface Table {
  columns: string[];
  rows: Row[];
  /** Whether there were more rows, which were not read. */
  hasMore: boolean;
  /** Why the server cut the answer short; empty if it did not. */
  cut: string;
}

export interface Raw {
  text: string;
  hasMore: boolean;
}

export interface Answer {
  kind: "rows" | "truth" | "graph";
  question: Question;
  told: Told;
  truth: boolean;
  /** The rows; for a graph its triples, which are asked for when a view first needs them. */
  table(): Promise<Table>;
  /** The answer in a format, by its suffix; asked for when it is first looked at. */
  raw(suffix: string): Promise<Raw>;
}

export async function load(settings: Settings, question: Question, signal: AbortSignal): Promise<Answer> {
  const [json, turtle] = [settings.formats.results[0]!, settings.formats.rdf[0]!];
  const accept = `${json.mediaType}, ${turtle.mediaType};q=0.9`;
  const { response, told } = await ask(settings, question, accept, signal);
  const raws = new Map<string, Promise<Raw>>();
  const answer = {
    question,
    told,
    truth: false,
    raw: remembered(raws, (suffix) => loadRaw(settings, question, suffix, signal)),
  };
  if (told.mediaType === turtle.mediaType) {
    const text = await readRaw(response);
    raws.set(turtle.suffix, Promise.resolve(text));
    const tables = new Map<string, Promise<Table>>();
    const table = remembered(tables, () => loadTriples(settings, question, signal));
    return { ...answer, kind: "graph", table: () => table("") };
  }
  const reader = new ResultsReader(ROWS);
  await feed(response, reader);
  const hasMore = reader.finish();
  const { columns, rows, cut, truth } = reader;
  const table = Promise.resolve({ columns, rows, hasMore, cut });
  if (truth !== undefined) return { ...answer, kind: "truth", truth, table: () => table };
  return { ...answer, kind: "rows", table: () => table };
}

/** `make`, which is called once for each key, and again only if it failed. */
function remembered<T>(known: Map<string, Promise<T>>, make: (key: string) => Promise<T>) {
  return (key: string): Promise<T> => {
    const made = known.get(key) ?? make(key);
    known.set(key, made);
    made.catch(() => known.delete(key));
    return made;
  };
}

async function loadTriples(settings: Settings, question: Question, signal: AbortSignal): Promise<Table> {
  const { response } = await ask(settings, question, "application/n-triples", signal);
  const reader = new TriplesReader(ROWS);
  await feed(response, reader);
  const hasMore = reader.finish();
  return { columns: TRIPLE, rows: reader.rows, hasMore, cut: reader.cut };
}

async function loadRaw(settings: Settings, question: Question, suffix: string, signal: AbortSignal): Promise<Raw> {
  const all = [...settings.formats.results, ...settings.formats.rdf];
  const format = all.find((each) => each.suffix === suffix)!;
  const { response } = await ask(settings, question, format.mediaType, signal);
  return readRaw(response);
}

async function readRaw(response: Response): Promise<Raw> {
  const reader = new TextReader(CHARACTERS);
  await feed(response, reader);
  const hasMore = reader.finish();
  return { text: reader.text, hasMore };
}
