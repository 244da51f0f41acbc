// Lights up the words of the passage that the address names (#char=s,e or #passage-s-e).
// Without it the links between text and ledger work all the same.
"use strict";

function spanOf(hash) {
  const found = /^#(?:char=|passage-)(\d+)[,-](\d+)$/.exec(decodeURIComponent(hash));
  return found && { start: Number(found[1]), end: Number(found[2]) };
}

function light() {
  const span = spanOf(location.hash);
  for (const segment of document.querySelectorAll(".seg")) {
    const { start, end } = segment.dataset;
    const inside = span !== null && Number(start) >= span.start && Number(end) <= span.end;
    segment.classList.toggle("lit", inside);
  }
  for (const entry of document.querySelectorAll(".passages > li[data-start]")) {
    const { start, end } = entry.dataset;
    const named = span !== null && Number(start) === span.start && Number(end) === span.end;
    entry.classList.toggle("lit", named);
    // The ledger scrolls by itself where it stands beside the text; the page stays where it is.
    const ledger = entry.closest(".ledger");
    if (named && ledger && ledger.scrollHeight > ledger.clientHeight) {
      ledger.scrollTop += entry.getBoundingClientRect().top - ledger.getBoundingClientRect().top - 40;
    }
  }
}

addEventListener("hashchange", light);
light();
