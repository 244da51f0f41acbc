/**
 * Typing over a selection of several lines. Chromium would join the lines with elements that have a
 * style of their own, which our content security policy blocks and reports; so we do it before.
 */
import { EditorView } from "@codemirror/view";

export const typingOver = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    const { state } = view;
    const text = event.inputType === "insertText" ? event.data : null;
    if (text === null || view.composing || state.selection.main.empty || state.readOnly) return false;
    const { from, to } = state.selection.main;
    const insert = () => state.update(state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
    const isDone = state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, text, insert));
    if (!isDone) view.dispatch(insert());
    event.preventDefault();
    return true;
  },
});
