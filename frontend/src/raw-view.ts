/** An answer as the characters that a program gets, in each format. */
import { CHARACTERS } from "./answer";
import { grouped, h } from "./dom";
import type { View } from "./view";

const PIECES = /("""[^]*?"""|"(?:[^"\\\n]|\\.)*")|(<[^<>\s"{}|\\^`]*>)|(^@?prefix\b.*$|#[^\n]*$)|(-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b)/gm;
const CLASSES = ["raw-string", "raw-iri", "raw-soft", "raw-number"];

export const rawView: View = {
  id: "raw",
  label: "Raw",
  fits: () => true,
  show: async (place, answer, page) => {
    const { results, rdf } = page.settings.formats;
    const formats = answer.kind === "graph" ? rdf : results;
    const shown = h("div");
    const select = h(
      "select",
      { id: "query-raw-format", onchange: () => void draw().catch(() => (shown.textContent = "The answer could not be read.")) },
      ...formats.map((format) => h("option", { value: format.suffix }, format.name)),
    );
    const draw = async (): Promise<void> => {
      const suffix = select.value;
      const { text, hasMore } = await answer.raw(suffix);
      if (suffix !== select.value) return; // another was chosen meanwhile
      const note = hasMore
        ? [h("p", { class: "query-notice" }, `The first ${grouped(text.length)} characters, of more than ${grouped(CHARACTERS)}; the downloads hold all of them.`)]
        : text.includes('\n"THE ANSWER WAS CUT SHORT')
          ? [h("p", { class: "query-notice" }, "The answer was cut short, as its last words say.")]
          : text.trim() === "" ? [h("p", {}, "Nothing: the answer is empty.")] : []; // prettier-ignore
      const name = formats.find((format) => format.suffix === suffix)?.name ?? "";
      const pre = h("pre", { class: "query-raw", tabindex: 0, role: "region", "aria-label": `The answer in ${name}` });
      pre.append(...highlighted(text));
      shown.replaceChildren(...note, pre);
    };
    await draw();
    place.replaceChildren(
      h("div", { class: "query-tools" }, h("label", { for: "query-raw-format" }, "Format"), select),
      shown,
    );
  },
};

/** A text in pieces, of which strings, IRIs, numbers and what is beside the point have a colour. */
export function highlighted(text: string): (Node | string)[] {
  const pieces: (Node | string)[] = [];
  let at = 0;
  for (const found of text.matchAll(PIECES)) {
    if (found.index > at) pieces.push(text.slice(at, found.index));
    const kind = found.slice(1).findIndex((group) => group !== undefined);
    pieces.push(h("span", { class: CLASSES[kind] ?? "" }, found[0]));
    at = found.index + found[0].length;
  }
  pieces.push(text.slice(at));
  return pieces;
}
