/** The query page: puts the editor in the place of the plain form, runs queries, shows answers. */
import "./query-page.css";
import { load } from "./answer";
import { h } from "./dom";
import { makeEditor } from "./editor";
import { addressOf, fields, isShort, type Question, Refused } from "./endpoint";
import { Names } from "./names";
import { refusal, showAnswer, time } from "./outcome";
import { readSettings } from "./settings";
import { sharing } from "./share";
import { tablist } from "./tablist";
import { begin, close, type Desk, keep, MOST, open, restore, titleOf } from "./tabs";
import type { Page } from "./view";
import { loadVocabulary, NOTHING, Things } from "./vocabulary";

const form = document.getElementById("query-form") as HTMLFormElement;
const plain = document.getElementById("query") as HTMLTextAreaElement;
const settings = readSettings(form);
const asked = new URLSearchParams(location.search);

// What the server has put into the page.
const served = document.querySelector(".query-outcome");
const refused = document.getElementById("query-error");
const isAnswered = served !== null || refused !== null;
const dataset = [...form.querySelectorAll<HTMLInputElement>("input[type=hidden]")]
  .filter(({ name }) => name === "default-graph-uri" || name === "named-graph-uri")
  .map(({ name, value }): [string, string] => [name, value]);

let vocabulary = NOTHING;
const page: Page = {
  settings,
  names: new Names(`${settings.endpoint}/names`),
  prefixes: () => vocabulary.prefixes,
};
const loading = loadVocabulary(`${settings.endpoint}/terms`).then((loaded) => (vocabulary = loaded));

// The desk: queries in tabs.
const initial = { text: plain.value, seconds: asked.get("timeout") ?? "" };
const first = { text: settings.first, seconds: "" };
let desk: Desk = begin(restore(localStorageOrNone()), initial, isAnswered || asked.has("example"));

const editorPlace = h("div", { class: "query-editor", id: "query-editor" });
const editor = makeEditor(editorPlace, {
  text: desk.tabs[desk.active]!.text,
  label: "SPARQL query",
  run: () => void run(),
  changed,
  vocabulary: () => vocabulary,
  things: new Things(`${settings.endpoint}/things`),
});
const seconds = h("input", {
  id: "query-seconds", type: "number", min: "0.1", step: "any", inputmode: "decimal",
  placeholder: "limit", oninput: changed, value: desk.tabs[desk.active]!.seconds,
}); // prettier-ignore
const runButton = h("button", { type: "button", class: "query-run", onclick: () => void run() }, "Run");
const cancelButton = h("button", { type: "button", disabled: true, onclick: () => running?.abort() }, "Cancel");
const state = h("span", { class: "query-state", "aria-hidden": "true" });
const desktop = h("div", { class: "query-desk" });
const outcome = h("div", { class: "query-outcome" });
let running: AbortController | null = null;

dress();
if (served !== null) void run(served);
else if (refused !== null) takeRefused(refused);

function localStorageOrNone(): Pick<Storage, "getItem" | "setItem"> {
  try {
    return localStorage;
  } catch {
    return { getItem: () => null, setItem: () => undefined }; // the browser forbids it
  }
}

/** Put what is ours in the place of the form. */
function dress(): void {
  const hint = h("p", { class: "query-hint" }, "Ctrl+Enter runs the query, Ctrl+Space offers terms; Escape, then Tab leaves the editor.");
  const toExamples = document.getElementById("examples") ? h("a", { href: "#examples" }, "Examples") : null;
  const actions = h(
    "div", { class: "query-actions" }, runButton, cancelButton,
    h("label", { for: "query-seconds" }, "Seconds at most"), seconds, toExamples, state,
  ); // prettier-ignore
  const share = sharing(settings, question);
  const lab = h("div", { class: "query-lab" }, desktop, editorPlace, hint, actions, share);
  form.before(lab);
  form.hidden = true;
  if (refused) lab.after(refused);
  (refused ?? lab).after(outcome);
  drawTabs();
}

function question(): Question {
  return { query: editor.text, dataset, seconds: seconds.validity.valid ? seconds.value : "" };
}

function changed(): void {
  desk.tabs[desk.active] = { text: editor.text, seconds: seconds.value };
  keep(localStorageOrNone(), desk);
  editor.clear();
  drawTabs();
  document.querySelector<HTMLDetailsElement>(".query-share")?.removeAttribute("open");
}

function drawTabs(): void {
  const choices = desk.tabs.map((tab, i) => ({ id: String(i), label: titleOf(tab, i) }));
  const tabs = tablist("Queries", choices, String(desk.active), "query-editor", (id) => {
    turnTo({ ...desk, active: Number(id) });
  });
  const button = (text: string, label: string, act: () => void) =>
    h("button", { type: "button", class: "query-tab-button", "aria-label": label, title: label, onclick: act }, text);
  const isFull = desk.tabs.length >= MOST;
  desktop.replaceChildren(
    tabs,
    ...(isFull ? [] : [button("+", "New query", () => turnTo(open(desk, first)))]),
    ...(desk.tabs.length > 1 ? [button("×", "Close this query", () => turnTo(close(desk, desk.active, first)))] : []),
  );
}

function turnTo(next: Desk): void {
  running?.abort();
  running = null;
  cancelButton.disabled = true;
  state.textContent = "";
  desk = next;
  const { text, seconds: given } = desk.tabs[desk.active]!;
  seconds.value = given;
  editor.replace(text);
  changed();
  clearOutcome();
}

function clearOutcome(): void {
  outcome.replaceChildren();
  served?.remove();
  refused?.remove();
}

/** @param before the answer that the server has rendered; it stays until ours is there */
async function run(before: Element | null = null): Promise<void> {
  running?.abort();
  const control = new AbortController();
  running = control;
  const began = performance.now();
  const stop = tick(began);
  const asking = question();
  if (before === null) clearOutcome();
  editor.clear();
  try {
    const answer = await load(settings, asking, control.signal);
    if (running !== control) return; // another query runs by now
    clearOutcome();
    await showAnswer(outcome, answer, page, performance.now() - began);
  } catch (error) {
    if (running !== control) return;
    clearOutcome();
    if (control.signal.aborted) {
      const after = time(performance.now() - began);
      outcome.replaceChildren(h("p", { role: "status" }, `Cancelled after ${after}.`));
    } else {
      refuse(error);
    }
  } finally {
    stop();
    if (running === control) {
      running = null;
      state.textContent = "";
      cancelButton.disabled = true;
      if (before === null) remember(asking);
    }
  }
}

/** Say why there is no answer, and where the query is wrong. */
function refuse(error: unknown): void {
  outcome.replaceChildren(refusal(error));
  if (error instanceof Refused && error.problem.line) {
    const { line, column = 1, detail } = error.problem;
    editor.mark(line, column, headOf(detail));
  }
}

/** Say that it runs, and for how long; returns what ends the counting. */
function tick(began: number): () => void {
  cancelButton.disabled = false;
  const say = (): void => void (state.textContent = `Running … ${Math.floor((performance.now() - began) / 1000)} s`);
  const timer = setInterval(say, 1000);
  const later = setTimeout(say, 300); // what is quick need not flicker
  return () => {
    clearInterval(timer);
    clearTimeout(later);
  };
}

/** The address becomes a link to the query, where it is not too long. */
function remember(asking: Question): void {
  const address = isShort(settings, asking) ? addressOf(settings, fields(asking)) : settings.endpoint;
  if (new URL(address).origin === location.origin) history.replaceState(null, "", address);
}

/** The server has rendered why there is no answer: show where, or how much there is of one. */
function takeRefused(error: HTMLElement): void {
  // It could not put all of it into a page; we need not read all of it.
  if (error.dataset["status"] === "507") return void run(error);
  const [line, column] = [Number(plain.dataset["line"] ?? 0), Number(plain.dataset["column"] ?? 0)];
  const message = headOf(error.querySelector("pre")?.textContent ?? "");
  const text = editor.text;
  // With the vocabulary the editor may know a remedy.
  if (line > 0) void loading.then(() => editor.text === text && editor.mark(line, column, message));
}

/** The first line of what is wrong; those below repeat the place, which is marked. */
function headOf(detail: string): string {
  return detail.split("\n")[0]!;
}
