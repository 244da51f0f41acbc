/** The question in forms that can be taken along: a link, a line for a shell, a script. */
import { addressOf, fields, isShort, type Question } from "./endpoint";
import { asCurl, asPython } from "./code";
import { grouped, h } from "./dom";
import type { Settings } from "./settings";

/** A part of the page that unfolds; it is made anew each time, from the question of that moment. */
export function sharing(settings: Settings, question: () => Question): HTMLElement {
  const body = h("div");
  const details = h("details", { class: "query-share" }, h("summary", {}, "Share: link, curl, Python"), body);
  const fill = (): void => body.replaceChildren(...parts(settings, question()));
  details.addEventListener("toggle", () => details.open && fill());
  return details;
}

function parts(settings: Settings, question: Question): HTMLElement[] {
  return [
    isShort(settings, question)
      ? part("Link", addressOf(settings, fields(question)))
      : h("p", { class: "query-notice" },
          `A query of ${grouped(question.query.length)} characters has no link: some proxies cut addresses that ` +
          `are longer than ${grouped(settings.long)}. Send its text instead, or one of these.`), // prettier-ignore
    part("curl", asCurl(settings, question)),
    part("Python", asPython(settings, question)),
  ];
}

function part(name: string, text: string): HTMLElement {
  const code = h("pre", { tabindex: 0, role: "region", "aria-label": name }, text);
  const button = h("button", { type: "button", onclick: () => void copy() }, `Copy ${name === "Link" ? "the link" : `as ${name}`}`);
  const said = h("span", { role: "status", class: "query-hint" });
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = "Copied.";
    } catch {
      // Browsers let only secure pages write there: what is selected can be copied by hand.
      getSelection()?.selectAllChildren(code);
      said.textContent = "Selected: copy it with the keyboard.";
    }
  };
  return h("div", { class: "query-code" }, code, h("p", {}, button, " ", said));
}
