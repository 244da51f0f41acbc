/** Draws rows along time: bars for what lasts, points for moments. */
import type { Table } from "./answer";
import { type Dated, type Item, ITEMS, itemsOf, lanes, marks } from "./calendar";
import { dateColumns } from "./dates";
import { counted, cutTo, grouped, h } from "./dom";
import { roving } from "./tablist";
import { irisOf, notWhole, type Page, shown, termElement } from "./view";

const LANE = 30; // pixels, as all that follows
const AXIS = 34;
const LETTER = 7.4;
const LONGEST = 34; // characters of a label
const MARK = 130; // between two marks of the axis, at least
const WIDEST = 1_000_000;
const MARGIN = 24;

interface Choice {
  from: number;
  to: number;
  label: number;
}

export async function drawTimeline(place: HTMLElement, table: Table, page: Page): Promise<void> {
  await page.names.learn(irisOf(table.rows.slice(0, ITEMS)));
  const dated = dateColumns(table.columns, table.rows);
  const choice = guess(table, dated);
  const shownPart = h("div");
  const update = (): void => new Timeline(shownPart, table, choice, page).draw();
  const select = (id: string, label: string, name: keyof Choice, columns: number[], none = ""): HTMLElement[] => {
    const options = columns.map((i) => h("option", { value: i, selected: choice[name] === i }, table.columns[i]!));
    if (none) options.unshift(h("option", { value: -1, selected: choice[name] === -1 }, none));
    const element = h("select", {
      id,
      onchange: () => {
        choice[name] = Number(element.value);
        update();
      },
    });
    element.append(...options);
    return [h("label", { for: id }, label), element];
  };
  const all = table.columns.map((_, i) => i);
  const tools = h(
    "div", { class: "query-tools" },
    ...select("query-time-from", "Date", "from", dated),
    ...(dated.length > 1 ? select("query-time-to", "to", "to", dated, "itself") : []),
    ...select("query-time-label", "named by", "label", all),
  ); // prettier-ignore
  place.replaceChildren(...[notWhole(table, "row"), tools, shownPart].filter((part) => part !== null));
  update();
}

/** Two columns that are called beginning and end are both; the name is the first that is no date. */
function guess({ columns }: Table, dated: number[]): Choice {
  const called = (words: RegExp) => dated.find((i) => words.test(columns[i]!)) ?? -1;
  const [start, end] = [called(/start|begin|from|earliest|since/i), called(/end|until|latest|till|^to$/i)];
  const isPair = start >= 0 && end >= 0;
  const label = columns.findIndex((_, i) => !dated.includes(i));
  return { from: isPair ? start : dated[0]!, to: isPair ? end : -1, label: Math.max(label, 0) };
}

class Timeline {
  readonly #dated: Dated;
  readonly #scroller = h("div", { class: "query-timeline", role: "region", "aria-label": "Timeline", tabindex: 0 });
  readonly #axis = h("div", { class: "timeline-axis", "aria-hidden": "true" });
  readonly #list = h("ol", {});
  readonly #details = h("div", { class: "query-details", role: "status" });
  readonly #start: number;
  readonly #end: number;
  #scale = 1; // of the width at which all fits

  constructor(
    private readonly place: HTMLElement,
    private readonly table: Table,
    private readonly choice: Choice,
    private readonly page: Page,
  ) {
    this.#dated = itemsOf(table.rows, choice.from, choice.to);
    const { items } = this.#dated;
    const start = Math.min(...items.map(({ span }) => span.start));
    const end = Math.max(...items.map(({ span }) => span.end));
    const room = Math.max((end - start) * 0.02, 3_600_000);
    [this.#start, this.#end] = [start - room, end + room];
  }

  draw(): void {
    const { items, left, undated } = this.#dated;
    const cut = left ? ` The first ${grouped(ITEMS)} are drawn; ${grouped(left)} later ones are not, but the table has them.` : "";
    const without = undated ? ` ${counted(undated, "row")} without a date ${undated === 1 ? "is" : "are"} not here.` : "";
    const said = h("p", { class: left ? "query-notice" : "query-count" }, `${counted(items.length, "row")} drawn.${cut}${without}`);
    if (items.length === 0) return this.place.replaceChildren(h("p", {}, "No row has a date in that column."));
    const button = (label: string, text: string, act: () => void) =>
      h("button", { type: "button", "aria-label": label, title: label, onclick: act }, text);
    const zoom = h(
      "div", { class: "query-zoom" },
      button("Larger", "+", () => this.#zoom(this.#scale * 2)),
      button("Smaller", "−", () => this.#zoom(this.#scale / 2)),
      button("All of it", "Fit", () => this.#zoom(1)),
    ); // prettier-ignore
    this.#scroller.append(this.#axis, this.#list);
    this.#scroller.addEventListener("keydown", (event) => {
      if (event.key === "+" || event.key === "=") this.#zoom(this.#scale * 2);
      if (event.key === "-") this.#zoom(this.#scale / 2);
    });
    this.#scroller.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.#zoom(this.#scale * (event.deltaY < 0 ? 1.3 : 1 / 1.3));
    }, { passive: false }); // prettier-ignore
    const hint = h("p", { class: "query-hint" }, "The arrow keys go from one to the next; + and −, Ctrl and the wheel, or the buttons change the scale.");
    const buttons = items.map((item) => this.#button(item));
    this.#list.replaceChildren(...buttons.map((each) => h("li", {}, each)));
    this.place.replaceChildren(said, h("div", { class: "query-canvas" }, zoom, this.#scroller), this.#details, hint);
    roving(this.#list, buttons);
    this.#arrange();
  }

  #button(item: Item): HTMLButtonElement {
    const label = this.#label(item);
    const isMoment = item.span.end === item.span.start;
    return h(
      "button",
      {
        type: "button",
        class: isMoment ? "timeline-item is-moment" : "timeline-item",
        title: `${item.written}: ${label}`,
        onclick: () => this.#tell(item),
        onfocus: () => this.#tell(item),
      },
      h("span", { class: "timeline-bar" }),
      h("span", { class: "hidden" }, `${item.written}: `),
      h("span", { class: "timeline-label" }, cutTo(label, LONGEST)),
    );
  }

  #label(item: Item): string {
    const term = item.row[this.choice.label];
    return term ? shown(term, this.page) : item.written;
  }

  #tell({ row }: Item): void {
    const pairs = row.flatMap((term, i) =>
      term ? [h("dt", {}, this.table.columns[i]!), h("dd", {}, termElement(term, this.page))] : [],
    );
    this.#details.replaceChildren(h("dl", {}, ...pairs));
  }

  /** Change the scale; what is in the middle stays there. */
  #zoom(scale: number): void {
    const view = this.#scroller;
    const middle = (view.scrollLeft + view.clientWidth / 2) / view.scrollWidth;
    this.#scale = Math.min(Math.max(scale, 1), WIDEST / Math.max(view.clientWidth, 1));
    this.#arrange();
    view.scrollLeft = middle * view.scrollWidth - view.clientWidth / 2;
  }

  /** Put everything where it belongs at this scale. */
  #arrange(): void {
    const width = Math.max(this.#scroller.clientWidth, 300) * this.#scale;
    // The label of the last stands to its right, so there is room for it.
    const room = Math.max(width - 2 * MARGIN - LONGEST * LETTER * 0.6, width / 2);
    const x = (time: number) => MARGIN + ((time - this.#start) / (this.#end - this.#start)) * room;
    const { items } = this.#dated;
    const places = items.map((item) => {
      const label = cutTo(this.#label(item), LONGEST).length * LETTER;
      const bar = Math.max(x(item.span.end) - x(item.span.start), 10);
      return { left: x(item.span.start), width: bar + label + 18, bar };
    });
    const inLanes = lanes(places);
    const buttons = this.#list.querySelectorAll("button");
    places.forEach(({ left, bar }, i) => {
      const button = buttons[i]!;
      button.style.left = `${left}px`;
      button.style.top = `${inLanes[i]! * LANE + 6}px`;
      (button.firstElementChild as HTMLElement).style.width = `${bar}px`;
    });
    const widest = Math.max(width, ...places.map(({ left, width }) => left + width + 4));
    this.#list.style.width = `${this.#scale === 1 ? Math.min(widest, width * 1.5) : widest}px`;
    this.#list.style.height = `${(Math.max(...inLanes) + 1) * LANE + 14}px`;
    this.#axis.style.width = this.#list.style.width;
    this.#axis.style.height = `${AXIS}px`;
    const most = Math.min(room / MARK, 400);
    this.#axis.replaceChildren(
      ...marks(this.#start, this.#end, most).map(({ time, label }) => {
        const mark = h("span", {}, label);
        mark.style.left = `${x(time)}px`;
        return mark;
      }),
    );
  }
}
