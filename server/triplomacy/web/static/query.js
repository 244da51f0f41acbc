/* Makes the query page quicker to use; everything works without it. */
"use strict";

const form = document.getElementById("query-form");
const editor = document.getElementById("query");

// Ctrl+Enter, or Command+Enter, runs the query from within the editor.
editor.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});

// A long query goes by POST, since not every URL passes every proxy.
form.addEventListener("submit", () => {
  form.method = editor.value.length > Number(form.dataset.long) ? "post" : "get";
});

// The caret goes to the place of the error.
const line = Number(editor.dataset.line || 0);
if (line > 0) {
  const before = editor.value.split("\n").slice(0, line - 1).join("\n");
  const start = (line > 1 ? before.length + 1 : 0) + Number(editor.dataset.column) - 1;
  editor.focus();
  editor.setSelectionRange(start, start + 1);
}

for (const hint of form.querySelectorAll(".query-hint")) {
  hint.hidden = false;
}
