/** An answer as a table that can be sorted, filtered and paged through. */
import type { Answer, Table } from "./answer";
import { counted, grouped, h } from "./dom";
import { look, type Look } from "./rows";
import { isIri, type Row, type Term } from "./terms";
import { irisOf, notWhole, type Page, shown, termElement, type View } from "./view";

const SIZES = [50, 100, 500];
/** IRIs whose labels are asked for at once, so that filter and order know them. */
const NAMED = 1_000;

export const tableView: View = {
  id: "table",
  label: "Table",
  fits: (answer) => answer.kind !== "truth",
  show: async (place, answer, page) => {
    const table = await answer.table();
    new TableElement(place, answer, table, page).draw();
  },
};

class TableElement {
  readonly #look: Look = { filter: "", column: -1, down: false, page: 0, size: SIZES[0]! };
  readonly #words: (term: Term) => string;
  readonly #said = h("p", { class: "query-count", role: "status" });
  readonly #body = h("tbody");
  readonly #heads: HTMLTableCellElement[];
  readonly #pager = h("nav", { class: "query-pager", "aria-label": "Pages of the table" });
  readonly #noun: string;

  constructor(
    private readonly place: HTMLElement,
    answer: Answer,
    private readonly table: Table,
    private readonly page: Page,
  ) {
    this.#noun = answer.kind === "graph" ? "triple" : "row";
    this.#words = (term) => {
      const words = shown(term, page);
      return isIri(term) && words !== term.value ? `${words} ${term.value}` : words;
    };
    this.#heads = table.columns.map((column, i) =>
      h(
        "th",
        { scope: "col" },
        h("button", { type: "button", onclick: () => this.#sort(i), title: "Sort by this column" }, column),
      ),
    );
  }

  draw(): void {
    const { rows, columns } = this.table;
    const filter = h("input", {
      type: "search",
      id: "query-filter",
      oninput: () => this.#change({ filter: filter.value, page: 0 }),
    });
    const size = h(
      "select",
      { id: "query-size", onchange: () => this.#change({ size: Number(size.value), page: 0 }) },
      ...SIZES.map((each) => h("option", { value: each }, String(each))),
    );
    const tools = h(
      "div", { class: "query-tools" },
      h("label", { for: "query-filter" }, "Filter"), filter,
      h("label", { for: "query-size" }, "Rows on a page"), size,
    ); // prettier-ignore
    const drawn = h(
      "div", { class: "query-table", role: "region", "aria-label": "Table of the answer", tabindex: 0 },
      h("table", {}, h("thead", {}, h("tr", {}, ...this.#heads)), this.#body),
    ); // prettier-ignore
    const isEmpty = rows.length === 0;
    this.place.replaceChildren(
      ...[notWhole(this.table, this.#noun), rows.length > 1 ? tools : null, this.#said].filter((e) => e !== null),
      ...(isEmpty || columns.length === 0 ? [] : [drawn, this.#pager]),
    );
    this.#update();
    void this.#learn([...new Set(irisOf(rows.slice(0, NAMED)))].slice(0, NAMED));
  }

  #change(change: Partial<Look>): void {
    Object.assign(this.#look, change);
    this.#update();
  }

  /** Up, down, and as the answer has it. */
  #sort(column: number): void {
    const { column: before, down } = this.#look;
    if (before !== column) this.#change({ column, down: false, page: 0 });
    else if (!down) this.#change({ down: true, page: 0 });
    else this.#change({ column: -1, down: false, page: 0 });
  }

  #update(): void {
    const { rows, fitting, page, pages } = look(this.table.rows, this.#look, this.#words);
    this.#look.page = page;
    this.#body.replaceChildren(...rows.map((row) => this.#row(row)));
    this.#heads.forEach((head, i) => {
      const isSorted = i === this.#look.column;
      if (isSorted) head.setAttribute("aria-sort", this.#look.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    const all = this.table.rows.length;
    const count = this.#look.filter.trim()
      ? `${grouped(fitting)} of ${counted(all, this.#noun)} fit the filter.`
      : this.#noun === "triple" || all === 0 ? `${counted(all, this.#noun)}.` : ""; // the summary has said it
    if (this.#said.textContent !== count) this.#said.textContent = count;
    this.#pager.replaceChildren(...(pages > 1 ? this.#turn(page, pages) : []));
    void this.#learn(irisOf(rows));
  }

  #row(row: Row): HTMLElement {
    return h(
      "tr",
      {},
      ...row.map((term, i) =>
        h("td", { "data-label": this.table.columns[i] ?? "" }, term && termElement(term, this.page)),
      ),
    );
  }

  #turn(page: number, pages: number): Node[] {
    const to = (label: string, target: number) =>
      h(
        "button",
        {
          type: "button",
          disabled: target < 0 || target >= pages || target === page,
          onclick: () => {
            this.#change({ page: target });
            this.#body.closest(".query-table")?.scrollTo({ top: 0 });
          },
        },
        label,
      );
    return [
      to("First", 0), to("Previous", page - 1), h("span", {}, `Page ${grouped(page + 1)} of ${grouped(pages)}`),
      to("Next", page + 1), to("Last", pages - 1),
    ]; // prettier-ignore
  }

  async #learn(iris: Iterable<string>): Promise<void> {
    if (await this.page.names.learn(iris)) this.#update();
  }
}
