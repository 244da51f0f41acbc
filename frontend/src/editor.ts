/** The editor of queries. */
import {
  acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, type Completion, completionKeymap,
  type CompletionContext, type CompletionResult,
} from "@codemirror/autocomplete"; // prettier-ignore
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import {
  bracketMatching, HighlightStyle, indentOnInput, indentUnit, StreamLanguage, syntaxHighlighting,
} from "@codemirror/language"; // prettier-ignore
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { type Action, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import {
  drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers,
} from "@codemirror/view"; // prettier-ignore
import { tags } from "@lezer/highlight";
import { h } from "./dom";
import { declaredPrefixes, placeOfPrefix } from "./lexer";
import { knownPrefixes, type Offer, offersAt, ofThings } from "./offers";
import { typingOver } from "./typing";
import type { Things, Vocabulary } from "./vocabulary";

export interface Editor {
  readonly text: string;
  /** Begin with another text, which cannot be undone to this one. */
  replace(text: string): void;
  /** Mark what is wrong, at a line and column counted from 1, the column in characters. */
  mark(line: number, column: number, message: string): void;
  clear(): void;
  focus(): void;
}

export interface Wishes {
  text: string;
  label: string;
  run: () => void;
  changed: () => void;
  vocabulary: () => Vocabulary;
  things: Things;
}

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--code-keyword)", fontWeight: "600" },
  { tag: [tags.string, tags.character], color: "var(--code-string)" },
  { tag: [tags.atom, tags.special(tags.string)], color: "var(--code-iri)" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--code-variable)" },
  { tag: [tags.number, tags.bool], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.operator, tags.bracket, tags.punctuation], color: "var(--ink)" },
  { tag: [tags.standard(tags.variableName), tags.meta, tags.typeName], color: "var(--code-keyword)" },
]);

const look = EditorView.theme({
  "&": { backgroundColor: "var(--raised)", color: "var(--ink)", fontSize: "0.9rem" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5", maxHeight: "60vh", minHeight: "11rem" },
  ".cm-content": { caretColor: "var(--ink)", padding: "0.6rem 0" },
  ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--soft)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--code-line)" },
  "&:not(.cm-focused) :is(.cm-activeLine, .cm-activeLineGutter)": { backgroundColor: "transparent" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--code-selection)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--code-selection)", outline: "1px solid var(--soft)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "transparent", outline: "1px solid var(--accent)" },
  ".cm-tooltip": { backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--soft)" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "15rem" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--ink)", color: "var(--paper)" },
  ".cm-completionDetail": { fontFamily: "var(--sans)", fontStyle: "normal", fontSize: "0.8rem" },
  ".cm-completionInfo": { fontFamily: "var(--sans)", fontSize: "0.85rem", padding: "0.4rem 0.6rem" },
  ".cm-diagnostic": { fontFamily: "var(--sans)", whiteSpace: "pre-wrap" },
  ".cm-diagnosticAction": {
    backgroundColor: "var(--ink)", color: "var(--paper)", font: "0.82rem var(--sans)", cursor: "pointer",
  },
  ".cm-lintRange-error": {
    backgroundImage: "none", textDecoration: "underline wavy var(--accent) 1.5px", textUnderlineOffset: "3px",
  },
}); // prettier-ignore

/**
 * Put an editor into `place`. It lives in a shadow tree: there its styles are style sheets without
 * elements, which our content security policy allows, and in the page they would be elements.
 */
export function makeEditor(place: HTMLElement, wishes: Wishes): Editor {
  const root = place.attachShadow({ mode: "open" });
  const extensions = [
    lineNumbers(),
    history(),
    drawSelection(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    indentUnit.of("  "),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    typingOver,
    lintGutter(),
    StreamLanguage.define(sparql),
    syntaxHighlighting(colours),
    look,
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({
      "aria-label": wishes.label,
      spellcheck: "false",
      autocapitalize: "off",
      autocorrect: "off",
    }),
    autocompletion({
      override: [(context) => complete(context, wishes)],
      addToOptions: [],
      icons: false,
      maxRenderedOptions: 80,
    }),
    Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (wishes.run(), true) }])),
    // Tab indents; Escape, then Tab leaves the editor, which is CodeMirror's own rule.
    keymap.of([
      ...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap,
      { key: "Tab", run: acceptCompletion }, indentWithTab,
    ]), // prettier-ignore
    EditorView.updateListener.of((update) => {
      if (update.docChanged) wishes.changed();
    }),
  ];
  // A new text has a history of its own.
  const stateOf = (doc: string) => EditorState.create({ doc, extensions });
  const view = new EditorView({ root, state: stateOf(wishes.text) });
  root.append(view.dom);
  return {
    get text() {
      return view.state.doc.toString();
    },
    replace(text) {
      view.setState(stateOf(text));
    },
    mark(line, column, message) {
      const { from, to } = placeOf(view.state, line, column);
      const actions = remedies(view.state.sliceDoc(from, to), view.state, wishes.vocabulary());
      view.dispatch(setDiagnostics(view.state, [{ from, to, severity: "error", message, actions }]));
      view.dispatch({ effects: EditorView.scrollIntoView(from, { y: "nearest" }) });
    },
    clear() {
      view.dispatch(setDiagnostics(view.state, []));
    },
    focus() {
      view.focus();
    },
  };
}

/** The characters that a place names: to the end of the word there, at least one. */
function placeOf(state: EditorState, line: number, column: number): { from: number; to: number } {
  const { from, text } = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
  // The server counts characters, and we their halves where they are large.
  const start = [...text].slice(0, column - 1).join("").length;
  const word = /^[^\s{}()[\];,.]+|^[^]/u.exec(text.slice(start))?.[0].length ?? 0;
  const at = word === 0 ? Math.max(0, text.length - 1) : start;
  return { from: from + at, to: from + Math.min(text.length, at + Math.max(word, 1)) };
}

async function complete(context: CompletionContext, wishes: Wishes): Promise<CompletionResult | null> {
  const text = context.state.doc.toString();
  const vocabulary = wishes.vocabulary();
  const found = offersAt(text, context.pos, vocabulary, context.explicit);
  if (found === null) return null;
  const offers = [...found.offers];
  const prefixes = knownPrefixes(text, vocabulary);
  if (found.starts) {
    const known = new Set(offers.map((offer) => offer.text));
    const things = ofThings(await wishes.things.starting(found.starts), prefixes);
    offers.push(...things.filter((offer) => !known.has(offer.text)));
  }
  if (context.aborted || offers.length === 0) return null;
  const namespaces = vocabulary.prefixes;
  return { from: found.from, filter: false, options: offers.map((o) => completion(o, namespaces)) };
}

function completion(offer: Offer, namespaces: Map<string, string>): Completion {
  const info = offer.info ? { info: () => h("div", {}, offer.info) } : {};
  return {
    label: offer.text,
    detail: offer.detail,
    ...info,
    apply: (view, _, from, to) => apply(view, offer, namespaces.get(offer.prefix), from, to),
  };
}

/** Write what is offered, and the PREFIX line that it needs. */
function apply(view: EditorView, offer: Offer, namespace: string | undefined, from: number, to: number): void {
  const line = namespace === undefined ? null : lineFor(view.state.doc.toString(), offer.prefix, namespace);
  const changes = [...(line ? [line] : []), { from, to, insert: offer.text }];
  const added = line?.insert.length ?? 0;
  view.dispatch({
    changes,
    selection: { anchor: from + added + offer.text.length },
    userEvent: "input.complete",
  });
}

/** The change that declares a prefix; null if it is declared. */
function lineFor(text: string, prefix: string, namespace: string): { from: number; insert: string } | null {
  if (declaredPrefixes(text).has(prefix)) return null;
  const from = placeOfPrefix(text);
  const before = from > 0 && text[from - 1] !== "\n" ? "\n" : "";
  return { from, insert: `${before}PREFIX ${prefix}: <${namespace}>\n` };
}

/** What can be done about a wrong word at once: declare its prefix, if the site knows it. */
function remedies(word: string, state: EditorState, { prefixes }: Vocabulary): Action[] {
  const prefix = /^[^:]*(?=:)/.exec(word)?.[0] ?? "";
  const namespace = prefixes.get(prefix);
  const line = namespace === undefined ? null : lineFor(state.doc.toString(), prefix, namespace);
  if (line === null) return [];
  return [{ name: `Add PREFIX ${prefix}:`, apply: (view) => view.dispatch({ changes: line }) }];
}
