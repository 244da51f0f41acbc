/** What a way to look at an answer is, and what all of them need. */
import type { Answer, Table } from "./answer";
import { counted, grouped, h, isWeb } from "./dom";
import type { Names } from "./names";
import type { Settings } from "./settings";
import { characters, isIri, isLiteral, shorten, type Row, type Term, XSD } from "./terms";

export interface Page {
  settings: Settings;
  names: Names;
  prefixes: () => Map<string, string>;
}

export interface View {
  id: string;
  label: string;
  fits: (answer: Answer, table: Table | null) => boolean;
  /** Fill `place`; rejected with Refused where the server refuses. */
  show: (place: HTMLElement, answer: Answer, page: Page) => Promise<void>;
}

/** How a term reads: its label, or its prefixed name, or its characters. */
export function shown(term: Term, page: Page): string {
  if (!isIri(term)) return characters(term);
  return page.names.get(term.value)?.label ?? shorten(term.value, page.prefixes());
}

/** A term with its link, its language or its datatype. Nothing of it is ever markup. */
export function termElement(term: Term, page: Page): HTMLElement {
  if (isIri(term)) {
    const { href = term.value, ours } = page.names.get(term.value) ?? {};
    if (!isWeb(term.value) || !isWeb(href)) return h("code", {}, term.value);
    const isOurs = href.startsWith(page.settings.endpoint.replace(/sparql$/, ""));
    const rest = isOurs ? {} : { class: "ext", rel: "nofollow noopener" };
    const link = h("a", { href, title: term.value, ...rest }, shown(term, page));
    if (!ours || !isWeb(ours)) return link;
    return h("span", {}, link, " ", h("a", { class: "ours", href: ours, title: "The same, in this dataset" }, "here"));
  }
  if (!isLiteral(term)) return h("span", {}, characters(term));
  const language = term["xml:lang"];
  if (language) {
    return h("span", {}, h("bdi", { lang: language }, term.value), " ", tag(language));
  }
  const datatype = term.datatype && term.datatype !== `${XSD}string` ? shorten(term.datatype, page.prefixes()) : "";
  return h("span", {}, term.value, datatype ? " " : null, datatype ? tag(datatype) : null);
}

function tag(text: string): HTMLElement {
  return h("small", { class: "tag" }, text);
}

/** The IRIs of rows. */
export function* irisOf(rows: Row[]): Generator<string> {
  for (const row of rows) for (const term of row) if (isIri(term)) yield term.value;
}

/** What is missing from a table: nothing, or why. */
export function notWhole({ rows, hasMore, cut }: Table, noun: string): HTMLElement | null {
  if (cut) {
    return h(
      "p", { class: "query-notice", role: "note" },
      h("strong", {}, "The answer was cut short: "), `${cut}. What had come before is shown: ${counted(rows.length, noun)}. `,
      "A download ends at the same limit, in words that make it unreadable; ask for less.",
    ); // prettier-ignore
  }
  if (!hasMore) return null;
  return h(
    "p", { class: "query-notice", role: "note" },
    `The first ${grouped(rows.length)} ${noun}s were read; the answer has more. The downloads hold all of them.`,
  ); // prettier-ignore
}
