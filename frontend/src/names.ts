/** How IRIs are called and where they lead, as the server tells it; asked for in batches, once. */

export interface Name {
  label: string;
  /** The link; absent where the IRI must not be one. */
  href?: string;
  /** The link to our thing that is the same, if the IRI is that of an entity of Wikidata. */
  ours?: string;
}

const BATCH = 200;
/** IRIs that the page remembers; more are shown as they stand. */
const LIMIT = 20_000;

export class Names {
  readonly #known = new Map<string, Name>();
  readonly #asked = new Set<string>();

  /** @param url where to ask. */
  constructor(private readonly url: string) {}

  get(iri: string): Name | undefined {
    return this.#known.get(iri);
  }

  /** Learn the names of `iris`; returns whether there is anything new. Never fails: IRIs are names, too. */
  async learn(iris: Iterable<string>): Promise<boolean> {
    const fresh = [...new Set(iris)].filter((iri) => !this.#asked.has(iri));
    fresh.length = Math.min(fresh.length, Math.max(0, LIMIT - this.#asked.size));
    for (const iri of fresh) this.#asked.add(iri);
    for (let at = 0; at < fresh.length; at += BATCH) {
      await this.#ask(fresh.slice(at, at + BATCH));
    }
    return fresh.length > 0;
  }

  async #ask(iris: string[]): Promise<void> {
    try {
      const response = await fetch(this.url, { method: "POST", body: JSON.stringify(iris) });
      if (!response.ok) return;
      const names = (await response.json()) as Name[];
      iris.forEach((iri, i) => names[i] && this.#known.set(iri, names[i]));
    } catch {
      // The page works without.
    }
  }
}
