/** The answer as a file in each format, straight from the server. */
import type { Answer } from "./answer";
import { addressOf, fields, isShort } from "./endpoint";
import { h } from "./dom";
import type { Format, Settings } from "./settings";

export function downloads(settings: Settings, answer: Answer): HTMLElement {
  const formats = answer.kind === "graph" ? settings.formats.rdf : settings.formats.results;
  const link = isShort(settings, answer.question) ? byLink : byForm;
  const links = formats.flatMap((format, i) => [i > 0 ? " · " : " ", link(settings, answer, format)]);
  return h("div", { class: "query-downloads" }, "Download:", ...links);
}

function byLink(settings: Settings, { question }: Answer, format: Format): HTMLElement {
  const href = addressOf(settings, fields(question, format.suffix));
  return h("a", { href, type: format.mediaType, download: `answer.${format.suffix}`, rel: "nofollow" }, format.name);
}

/** A long query goes by POST, which no link can. */
function byForm(settings: Settings, { question }: Answer, format: Format): HTMLElement {
  const inputs = fields(question, format.suffix).map(([name, value]) => h("input", { type: "hidden", name, value }));
  const form = { method: "post", action: settings.endpoint, class: "query-download" };
  return h("form", form, ...inputs, h("button", { type: "submit" }, format.name));
}
