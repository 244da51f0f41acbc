/** Draws nodes and edges: places them by forces (d3-force), and makes them reachable by keys. */
import {
  forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY, type SimulationNodeDatum,
} from "d3-force"; // prettier-ignore
import type { Table } from "./answer";
import { counted, cutTo, grouped, h, isWeb, svg } from "./dom";
import { draw, type Drawing, type Edge, EDGES, type Ends, guessEnds, type Node, NODES } from "./links";
import { roving } from "./tablist";
import { isIri, isLiteral } from "./terms";
import { notWhole, type Page, shown, termElement } from "./view";
import { drag, Viewport } from "./viewport";

const HEIGHT = 560; // pixels of the drawing, about
const SMALLEST = 1.5; // units on a pixel: below that nobody can read the labels, so not all is shown at first
const LABEL = 28; // characters
const STEPS = 300;
const RADIUS = 7;
const NAMED_EDGES = 150; // beyond that their names would cover the drawing

type Placed = Node & SimulationNodeDatum & { x: number; y: number };

export async function drawGraph(place: HTMLElement, table: Table, isRdf: boolean, page: Page): Promise<void> {
  const guessed = guessEnds(table.columns, table.rows) ?? { from: 0, label: -1, to: 1 };
  const ends: Ends = { ...guessed };
  const shownPart = h("div");
  const literals = h("input", { type: "checkbox", id: "query-graph-literals", onchange: () => void update() });
  const column = (id: string, label: string, end: keyof Ends): HTMLElement[] => {
    const select = h("select", {
      id,
      onchange: () => {
        ends[end] = Number(select.value);
        void update();
      },
    });
    const options = table.columns.map((name, i) => h("option", { value: i, selected: ends[end] === i }, name));
    if (end === "label") options.unshift(h("option", { value: -1, selected: ends.label === -1 }, "no name"));
    select.append(...options);
    return [h("label", { for: id }, label), select];
  };
  const choices = isRdf
    ? []
    : [
        ...column("query-graph-from", "From", "from"),
        ...column("query-graph-label", "named by", "label"),
        ...column("query-graph-to", "to", "to"),
      ];
  const tools = h(
    "div", { class: "query-tools" }, ...choices,
    h("span", {}, literals, " ", h("label", { for: "query-graph-literals" }, "Draw literals, too")),
  ); // prettier-ignore
  const update = async (): Promise<void> => {
    const drawing = draw(table.rows, ends, literals.checked);
    const terms = [...drawing.nodes.map((node) => node.term), ...drawing.edges.flatMap((edge) => edge.terms)];
    await page.names.learn(terms.filter(isIri).map((term) => term.value));
    shownPart.replaceChildren(...elements(drawing, page, place.clientWidth || 800));
  };
  await update();
  const noun = isRdf ? "triple" : "row";
  place.replaceChildren(...[notWhole(table, noun), tools, shownPart].filter((part) => part !== null));
}

/** @param width the pixels that there are for it */
function elements(drawing: Drawing, page: Page, width: number): HTMLElement[] {
  const { nodes, edges, left } = drawing;
  const counts = `${counted(nodes.length, "node")}, ${counted(edges.length, "edge")}.`;
  const cut = left
    ? ` ${counted(left, "row")} more would need more than ${grouped(NODES)} nodes or ${grouped(EDGES)} edges, and are not drawn; the table has them.`
    : "";
  const said = h("p", { class: left ? "query-notice" : "query-count" }, counts + cut);
  if (nodes.length === 0) {
    return [h("p", {}, "Nothing to draw: no row has both ends. Perhaps the ends are literals.")];
  }
  const placed = arrange(nodes, edges, width / HEIGHT);
  const [picture, viewport] = pictureOf(placed, edges, page, width);
  const details = h("div", { class: "query-details", role: "status" });
  picture.addEventListener("focusin", (event) => {
    const index = (event.target as Element).getAttribute("data-node") ?? "";
    const node = placed[Number(index)];
    if (node) details.replaceChildren(...about(node, edges, page));
    for (const line of picture.querySelectorAll("[data-ends]")) {
      line.classList.toggle("is-lit", (line.getAttribute("data-ends") ?? "").split(" ").includes(index));
    }
  });
  const hint = h("p", { class: "query-hint" }, "Drag to move; Ctrl and the wheel, or the buttons, make it larger, and Fit shows all of it; Tab and the arrow keys go from node to node.");
  return [said, h("div", { class: "query-canvas" }, h("div", { class: "query-zoom" }, ...viewport.buttons()), picture), details, hint];
}

/** The places of the nodes: the same each time, since the simulation begins the same. */
function arrange(nodes: Node[], edges: Edge[], aspect: number): Placed[] {
  const placed = nodes.map((node) => ({ ...node }) as Placed);
  const byKey = new Map(placed.map((node) => [node.key, node]));
  const links = edges.map((edge) => ({ source: byKey.get(edge.source.key)!, target: byKey.get(edge.target.key)! }));
  forceSimulation(placed)
    .force("link", forceLink(links).distance(100))
    .force("charge", forceManyBody().strength(-420).distanceMax(600))
    .force("collide", forceCollide(46))
    .force("x", forceX(0).strength(0.06 / Math.sqrt(aspect)))
    .force("y", forceY(0).strength(0.06 * Math.sqrt(aspect)))
    .stop()
    .tick(STEPS);
  return placed;
}

function pictureOf(nodes: Placed[], edges: Edge[], page: Page, width: number): [SVGSVGElement, Viewport] {
  const xs = nodes.map((node) => node.x);
  const ys = nodes.map((node) => node.y);
  const [left, top] = [Math.min(...xs) - 90, Math.min(...ys) - 50];
  const whole = { x: left, y: top, width: Math.max(...xs) + 130 - left, height: Math.max(...ys) + 60 - top };
  const marker = svg(
    "marker", { id: "query-arrow", viewBox: "0 0 10 10", refX: 10, refY: 5, markerWidth: 7, markerHeight: 7, orient: "auto" },
    svg("path", { d: "M0 0L10 5L0 10z", class: "graph-arrow" }),
  ); // prettier-ignore
  const picture = svg("svg", {
    class: "query-graph",
    role: "group",
    "aria-label": `Graph of ${counted(nodes.length, "node")} and ${counted(edges.length, "edge")}; the table says the same`,
  });
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const lines = edges.map((edge) => new Line(byKey.get(edge.source.key)!, byKey.get(edge.target.key)!, edge, page, edges.length <= NAMED_EDGES));
  const dots = nodes.map((node) => dot(node, page));
  picture.append(svg("defs", {}, marker), ...lines.flatMap((line) => line.elements), ...dots);
  const viewport = new Viewport(picture, whole);
  const [across, down] = [whole.width / width, whole.height / HEIGHT];
  if (Math.max(across, down) > SMALLEST) viewport.zoom(Math.max(across, down) / SMALLEST);
  roving(picture, dots);
  dots.forEach((element, i) => {
    const node = nodes[i]!;
    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      element.focus();
      drag(event, element, (dx, dy) => {
        node.x += dx * viewport.unit;
        node.y += dy * viewport.unit;
        element.setAttribute("transform", `translate(${node.x} ${node.y})`);
        for (const line of lines) if (line.from === node || line.to === node) line.update();
      });
    });
  });
  return [picture, viewport];
}

function labelOf(node: Node, page: Page): string {
  return node.label || shown(node.term, page);
}

function dot(node: Placed, page: Page): SVGGElement {
  const shape = isLiteral(node.term)
    ? svg("rect", { x: -RADIUS, y: -RADIUS, width: 2 * RADIUS, height: 2 * RADIUS, class: "graph-literal" })
    : svg("circle", { r: RADIUS + Math.min(8, Math.sqrt(node.degree)), class: "graph-node" });
  const label = labelOf(node, page);
  return svg(
    "g",
    {
      tabindex: -1,
      role: "img",
      class: "graph-item",
      "aria-label": `${label}, ${counted(node.degree, "edge")}`,
      "data-node": node.index,
      transform: `translate(${node.x} ${node.y})`,
    },
    svg("title", {}, label),
    shape,
    svg("text", { x: 0, y: 26, class: "graph-label" }, cutTo(label, LABEL)),
  );
}

/** An edge on the screen; bent, so that one in each direction can be told apart. */
class Line {
  readonly #path: SVGPathElement;
  readonly #text: SVGTextElement | null;
  readonly elements: SVGElement[];

  constructor(readonly from: Placed, readonly to: Placed, edge: Edge, page: Page, isNamed: boolean) {
    const names = edge.terms.map((term) => shown(term, page)).join(", ");
    const ends = `${from.index} ${to.index}`;
    this.#path = svg("path", { class: "graph-edge", "marker-end": "url(#query-arrow)", "data-ends": ends }, names ? svg("title", {}, names) : null);
    this.#text = isNamed && names ? svg("text", { class: "graph-edge-label", "data-ends": ends }, cutTo(names, LABEL)) : null;
    this.elements = this.#text ? [this.#path, this.#text] : [this.#path];
    this.update();
  }

  update(): void {
    const { from, to } = this;
    if (from === to) {
      this.#path.setAttribute("d", `M${from.x - 6} ${from.y - 8}c-30 -45 42 -45 14 -2`);
      return this.#label(from.x, from.y - 44);
    }
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const length = Math.hypot(dx, dy) || 1;
    const [bendX, bendY] = [(from.x + to.x) / 2 - (dy / length) * 14, (from.y + to.y) / 2 + (dx / length) * 14];
    const gap = RADIUS + 10;
    const [ex, ey] = [to.x - bendX, to.y - bendY];
    const end = Math.hypot(ex, ey) || 1;
    this.#path.setAttribute("d", `M${from.x} ${from.y}Q${bendX} ${bendY} ${to.x - (ex / end) * gap} ${to.y - (ey / end) * gap}`);
    this.#label((from.x + to.x + 2 * bendX) / 4, (from.y + to.y + 2 * bendY) / 4);
  }

  #label(x: number, y: number): void {
    this.#text?.setAttribute("x", String(x));
    this.#text?.setAttribute("y", String(y));
  }
}

/** What is said of a node that somebody looks at. */
function about(node: Placed, edges: Edge[], page: Page): HTMLElement[] {
  const mine = edges.filter((edge) => edge.source.key === node.key || edge.target.key === node.key);
  const name = isIri(node.term) && isWeb(node.term.value) ? termElement(node.term, page) : h("strong", {}, labelOf(node, page));
  const items = mine.slice(0, 30).map((edge) => {
    const names = edge.terms.map((term) => shown(term, page)).join(", ") || "is linked with";
    return h("li", {}, `${labelOf(edge.source, page)} — ${names} → ${labelOf(edge.target, page)}`);
  });
  const more = mine.length > items.length ? [h("p", { class: "soft" }, `… and ${grouped(mine.length - items.length)} more`)] : [];
  return [h("p", {}, name), h("ul", {}, ...items), ...more];
}
