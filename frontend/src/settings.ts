/** What the server tells the page: where the endpoint is, and which formats it writes. */

export interface Format {
  name: string;
  suffix: string;
  mediaType: string;
}

export interface Settings {
  /** The absolute address of the endpoint. */
  endpoint: string;
  /** The query that the page begins with where nobody asks for another. */
  first: string;
  /** Characters of a query beyond which it goes by POST, and has no link. */
  long: number;
  /** The formats of SELECT and ASK results, and of graphs; the first is the one that pages are made of. */
  formats: { results: Format[]; rdf: Format[] };
}

export function readSettings(form: HTMLFormElement): Settings {
  return JSON.parse(form.dataset["settings"] ?? "{}") as Settings;
}
