/** The answer of ASK. */
import { h } from "./dom";
import type { View } from "./view";

export const truthView: View = {
  id: "truth",
  label: "Answer",
  fits: (answer) => answer.kind === "truth",
  show: async (place, answer) => {
    place.replaceChildren(h("p", { class: "query-truth" }, h("strong", {}, String(answer.truth))));
  },
};
