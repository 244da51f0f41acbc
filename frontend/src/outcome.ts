/** Shows what came of a question: its answer in several views, or why there is none. */
import type { Answer, Table } from "./answer";
import { downloads } from "./downloads";
import { grouped, h } from "./dom";
import { Refused, type Told } from "./endpoint";
import { graphView } from "./graph-view";
import { rawView } from "./raw-view";
import { tableView } from "./table-view";
import { tablist } from "./tablist";
import { timelineView } from "./timeline-view";
import { truthView } from "./truth-view";
import type { Page, View } from "./view";

const VIEWS: View[] = [truthView, tableView, rawView, graphView, timelineView];
const PANEL = "query-view";
const KEPT = "triplomacy-view";

export async function showAnswer(place: HTMLElement, answer: Answer, page: Page, milliseconds: number): Promise<void> {
  const table = answer.kind === "rows" ? await answer.table() : null;
  const views = VIEWS.filter((view) => view.fits(answer, table));
  const panel = h("div", { id: PANEL, role: "tabpanel", "aria-label": "Answer" });
  const tabs = h("div");
  const turnTo = (view: View): void => {
    tabs.replaceChildren(tablist("Views of the answer", views, view.id, PANEL, choose));
    // A view may have to ask the server, and another may be chosen meanwhile: each has its own place.
    const body = h("div", { "aria-busy": "true" });
    panel.replaceChildren(body);
    view
      .show(body, answer, page)
      .catch((error: unknown) => body.replaceChildren(refusal(error)))
      .finally(() => body.removeAttribute("aria-busy"));
  };
  const choose = (id: string): void => {
    keepView(answer.kind, id);
    turnTo(views.find((view) => view.id === id) ?? views[0]!);
  };
  place.replaceChildren(
    h("h2", { id: "answer", tabindex: -1 }, "Answer"),
    summary(answer, table, milliseconds),
    tabs,
    panel,
    downloads(page.settings, answer),
  );
  turnTo(preferredView(answer.kind, views));
}

/** For a graph Turtle comes first, as in the page without scripts; else the table, or what was chosen last. */
function preferredView(kind: Answer["kind"], views: View[]): View {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(`${KEPT}-${kind}`);
  } catch {
    // No storage here.
  }
  const find = (id: string | null) => views.find((view) => view.id === id);
  return find(kept) ?? (kind === "graph" ? find("raw") : undefined) ?? views[0]!;
}

function keepView(kind: Answer["kind"], id: string): void {
  try {
    localStorage.setItem(`${KEPT}-${kind}`, id);
  } catch {
    // No storage here.
  }
}

function summary(answer: Answer, table: Table | null, milliseconds: number): HTMLElement {
  const { told } = answer;
  const size = table ? `${grouped(table.rows.length)}${table.hasMore || table.cut ? "+" : ""} ${table.rows.length === 1 ? "row" : "rows"}` : "";
  const server = told.milliseconds === null ? "" : `${time(told.milliseconds)} in the server${told.isRemembered ? ", which had it at hand" : ""}`;
  const facts = [size, server, `${time(milliseconds)} until it was here`, told.id && `query ${told.id}`, limits(told)];
  return h("p", { class: "query-summary", role: "status" }, facts.filter(Boolean).join(" · "));
}

function limits({ limits }: Told): string {
  const [seconds, rows, bytes] = ["seconds", "rows", "bytes"].map((name) => limits.get(name));
  const words = [
    seconds && `${seconds} s`,
    rows && `${grouped(rows)} rows`,
    bytes && `${grouped(Math.round(bytes / 1024 / 1024))} MiB`,
  ].filter(Boolean);
  return words.length > 0 ? `limits: ${words.join(", ")}` : "";
}

/** A time for people. */
export function time(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.max(1, Math.round(milliseconds))} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Why there is no answer, and what to do. */
export function refusal(error: unknown): HTMLElement {
  if (!(error instanceof Refused)) {
    const detail = error instanceof Error ? error.message : String(error);
    return problem("The server could not be reached.", "", detail, "See whether you are online, and run the query again.");
  }
  const { title, line, column, detail, remedy, retryAfter } = error.problem;
  const where = line ? `Line ${line}, column ${column ?? 1}.` : "";
  const wait = retryAfter === undefined ? "" : ` The server asks to wait ${grouped(retryAfter)} ${retryAfter === 1 ? "second" : "seconds"}.`;
  const told = [error.told?.id && `query ${error.told.id}`, error.told && limits(error.told)].filter(Boolean).join(" · ");
  return problem(`${title}.`, where, detail, (remedy ? `${remedy[0]!.toUpperCase()}${remedy.slice(1)}.` : "") + wait, `${error.problem.status}${told ? ` · ${told}` : ""}`);
}

function problem(title: string, where: string, detail: string, remedy: string, told = ""): HTMLElement {
  return h(
    "div", { id: "query-error", class: "query-error", role: "alert" },
    h("p", {}, h("strong", {}, title), where ? ` ${where}` : null),
    detail ? h("pre", {}, detail) : null,
    remedy.trim() ? h("p", {}, `What to do: ${remedy.trim()}`) : null,
    told ? h("p", { class: "query-summary" }, told) : null,
  ); // prettier-ignore
}
