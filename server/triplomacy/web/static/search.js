// Suggestions below the search field: the combobox of the ARIA Authoring Practices (ARIA 1.2) with a
// list that the reader chooses from. The form works without it.
"use strict";

const form = document.querySelector("form.search");
const field = form.elements.q;
const list = document.createElement("ul");
const status = document.createElement("p");
const PAUSE = 120; // milliseconds without a key until we ask
let options = [];
let active = -1;
let asked = null;
let timer = 0;

list.id = "suggestions";
list.className = "suggestions";
list.hidden = true;
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", "Suggestions");
status.className = "hidden";
status.setAttribute("role", "status");
form.append(list, status);
field.setAttribute("role", "combobox");
field.setAttribute("aria-autocomplete", "list");
field.setAttribute("aria-expanded", "false");
field.setAttribute("aria-controls", list.id);

function close() {
  clearTimeout(timer);
  asked?.abort();
  list.hidden = true;
  field.setAttribute("aria-expanded", "false");
  choose(-1);
}

function choose(index) {
  active = index;
  options.forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
  if (index < 0) {
    field.removeAttribute("aria-activedescendant");
  } else {
    field.setAttribute("aria-activedescendant", options[index].id);
  }
}

function span(className, text, language) {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  element.dir = "auto";
  if (language) element.lang = language;
  return element;
}

function show(suggestions) {
  options = suggestions.map((one, i) => {
    const option = document.createElement("li");
    option.id = `suggestion-${i}`;
    option.setAttribute("role", "option");
    option.dataset.url = one.url;
    option.append(span("name", one.label, one.language));
    const match = one.match.map((piece) => piece.text).join("");
    if (match && match !== one.label) option.append(span("also", match, one.matchLanguage));
    option.append(span("kind", one.kind));
    option.addEventListener("mousedown", (event) => event.preventDefault()); // keep the focus
    option.addEventListener("click", () => location.assign(one.url));
    return option;
  });
  list.replaceChildren(...options);
  list.hidden = options.length === 0;
  field.setAttribute("aria-expanded", String(!list.hidden));
  status.textContent = options.length ? `${options.length} suggestions` : "";
  choose(-1);
}

async function ask() {
  asked?.abort();
  asked = new AbortController();
  const typed = field.value.trim();
  if (!typed) return close();
  try {
    const url = `${form.dataset.suggest}?${new URLSearchParams({ q: typed, format: "json" })}`;
    const answer = await fetch(url, { signal: asked.signal });
    if (answer.ok && document.activeElement === field) show((await answer.json()).suggestions);
  } catch (error) {
    if (error.name !== "AbortError") close(); // without a network there are no suggestions
  }
}

field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
});

field.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && options.length) {
    event.preventDefault();
    if (list.hidden) {
      list.hidden = false;
      field.setAttribute("aria-expanded", "true");
    }
    // From the field to the first or the last, and past the ends back to the field.
    const count = options.length + 1;
    choose(((active + 1 + step + count) % count) - 1);
  } else if (event.key === "Escape" && !list.hidden) {
    event.preventDefault(); // the second Escape empties the field, as browsers do
    close();
  } else if (event.key === "Enter" && active >= 0) {
    event.preventDefault();
    location.assign(options[active].dataset.url);
  }
});

field.addEventListener("blur", close);
