/** What a query of this release can speak of: prefixes, classes, properties, things. */

export interface UsedTerm {
  iri: string;
  label: string;
  comment: string;
  count: number;
}

export interface Thing {
  iri: string;
  label: string;
}

export interface Vocabulary {
  prefixes: Map<string, string>;
  classes: UsedTerm[];
  properties: UsedTerm[];
}

export const NOTHING: Vocabulary = { prefixes: new Map(), classes: [], properties: [] };

interface Told {
  prefixes: Record<string, string>;
  classes: UsedTerm[];
  properties: UsedTerm[];
}

/** Ask the server for the terms of the release; without them the editor works, and offers less. */
export async function loadVocabulary(url: string): Promise<Vocabulary> {
  try {
    const response = await fetch(url);
    if (!response.ok) return NOTHING;
    const { prefixes, classes, properties } = (await response.json()) as Told;
    return { prefixes: new Map(Object.entries(prefixes)), classes, properties };
  } catch {
    return NOTHING;
  }
}

const WIKIDATA = "http://www.wikidata.org/entity/";

/** Whether the server would offer a thing: numbers tell nothing, so entities of Wikidata go by their names, too. */
export function fits({ iri, label }: Thing, start: string): boolean {
  if (iri.startsWith(start)) return true;
  const written = start.slice(WIKIDATA.length).toLowerCase();
  const words = label.toLowerCase().split(/[^\p{L}\p{N}_]+/u);
  return start.startsWith(WIKIDATA) && words.some((word) => word.startsWith(written));
}

const ENOUGH = 50; // as many as the server gives at a time

/** Looks up things by the beginning of their IRI; remembers what it was told. */
export class Things {
  readonly #told = new Map<string, Promise<Thing[]>>();

  /** @param url where to ask. */
  constructor(private readonly url: string) {}

  async starting(start: string): Promise<Thing[]> {
    for (const [earlier, told] of this.#told) {
      const things = start.startsWith(earlier) ? await told : [];
      // What was not cut holds all that begin with something longer.
      if (start.startsWith(earlier) && things.length < ENOUGH) {
        return things.filter((thing) => fits(thing, start));
      }
    }
    const told = this.#ask(start);
    this.#told.set(start, told);
    return told;
  }

  async #ask(start: string): Promise<Thing[]> {
    try {
      const response = await fetch(`${this.url}?starts=${encodeURIComponent(start)}`);
      return response.ok ? ((await response.json()) as Thing[]) : [];
    } catch {
      return [];
    }
  }
}
