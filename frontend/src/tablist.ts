/** A row of tabs that arrow keys move along (WAI-ARIA Authoring Practices, “Tabs”). */
import { h } from "./dom";

export interface Choice {
  id: string;
  label: string;
}

/** @param panel the id of the element that the tabs fill */
export function tablist(
  label: string, choices: Choice[], chosen: string, panel: string, choose: (id: string) => void,
): HTMLElement { // prettier-ignore
  const buttons = choices.map(({ id, label }) =>
    h(
      "button",
      {
        type: "button",
        role: "tab",
        "aria-selected": String(id === chosen),
        "aria-controls": panel,
        tabindex: id === chosen ? 0 : -1,
        "data-tab": id,
        onclick: () => choose(id),
      },
      label,
    ),
  );
  const move = (event: Event): void => {
    const { key } = event as KeyboardEvent;
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: buttons.length - 1 }[key];
    const target = next === undefined ? undefined : choices.at(next % choices.length);
    if (at < 0 || target === undefined) return;
    event.preventDefault();
    choose(target.id);
    // The tabs may have been made anew.
    document.querySelector<HTMLElement>(`[role=tablist][aria-label="${label}"] [aria-selected=true]`)?.focus();
  };
  return h("div", { role: "tablist", "aria-label": label, onkeydown: move }, ...buttons);
}

/** Arrow keys move among `items`, of which one can be reached by Tab. */
export function roving(holder: HTMLElement | SVGElement, items: (HTMLElement | SVGElement)[]): void {
  const choose = (index: number): void => {
    items.forEach((item, i) => item.setAttribute("tabindex", i === index ? "0" : "-1"));
  };
  choose(0);
  holder.addEventListener("keydown", ((event: KeyboardEvent) => {
    const at = items.findIndex((item) => item === event.target);
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    const next = event.key === "Home" ? 0 : event.key === "End" ? items.length - 1 : step && at + step;
    if (at < 0 || next === undefined || items[next] === undefined) return;
    event.preventDefault();
    choose(next);
    items[next].focus();
  }) as EventListener);
  holder.addEventListener("focusin", ((event: FocusEvent) => {
    const at = items.findIndex((item) => item === event.target);
    if (at >= 0) choose(at);
  }) as EventListener);
}
