/** Which nodes and edges a table draws. */
import { isLiteral, key, RDFS_LABEL, type Row, type Term } from "./terms";

export const NODES = 250;
export const EDGES = 600;

export interface Node {
  key: string;
  term: Term;
  /** A label that the answer itself gives. */
  label: string;
  degree: number;
}

export interface Edge {
  source: Node;
  target: Node;
  /** What the edge is called, where there is a column for it: one for each row that says so. */
  terms: Term[];
}

export interface Drawing {
  nodes: Node[];
  edges: Edge[];
  /** Rows that would need more nodes or edges than are drawn. */
  left: number;
}

/** The columns that an edge is drawn from: `label` is -1 where it has no name. */
export interface Ends {
  from: number;
  label: number;
  to: number;
}

/** The columns that look like ends of edges; null where there are not two. */
export function guessEnds(columns: string[], rows: Row[]): Ends | null {
  const named = (...names: string[]) => columns.findIndex((column) => names.includes(column.toLowerCase()));
  const [from, label, to] = [named("s", "subject"), named("p", "predicate", "property"), named("o", "object")];
  if (from >= 0 && to >= 0) return { from, label, to };
  const looked = rows.slice(0, 200);
  const things = columns.flatMap((_, i) => {
    const bound = looked.filter((row) => row[i]);
    const isThing = bound.length > 0 && bound.every((row) => !isLiteral(row[i]));
    return isThing ? [i] : [];
  });
  const [first, second] = things;
  if (first === undefined || second === undefined) return null;
  return { from: first, label: label !== first && label !== second ? label : -1, to: second };
}

/** @param withLiterals whether literals are nodes, too */
export function draw(rows: Row[], ends: Ends, withLiterals: boolean): Drawing {
  const nodes = new Map<string, Node>();
  const edges = new Map<string, Edge>();
  let left = 0;
  for (const row of rows) {
    const [source, target] = [row[ends.from], row[ends.to]];
    if (!source || !target) continue;
    const label = row[ends.label] ?? null;
    if (isLiteral(target) && !withLiterals) continue;
    const names = [source, target].map(key);
    const fresh = new Set(names.filter((name) => !nodes.has(name))).size;
    const pair = names.join("\n");
    if (nodes.size + fresh > NODES || (!edges.has(pair) && edges.size >= EDGES)) {
      left++;
      continue;
    }
    const [a, b] = [node(nodes, source), node(nodes, target)];
    const edge = edges.get(pair) ?? { source: a, target: b, terms: [] };
    if (!edges.has(pair)) {
      edges.set(pair, edge);
      a.degree++;
      b.degree++;
    }
    if (label && !edge.terms.some((term) => key(term) === key(label))) edge.terms.push(label);
  }
  for (const row of rows) nameBy(row, ends, nodes);
  return { nodes: [...nodes.values()], edges: [...edges.values()], left };
}

function node(nodes: Map<string, Node>, term: Term): Node {
  const name = key(term);
  const made = nodes.get(name) ?? { key: name, term, label: "", degree: 0 };
  nodes.set(name, made);
  return made;
}

function nameBy(row: Row, ends: Ends, nodes: Map<string, Node>): void {
  const [subject, predicate, object] = [row[ends.from], row[ends.label], row[ends.to]];
  if (predicate?.type !== "uri" || predicate.value !== RDFS_LABEL || !subject || !isLiteral(object)) return;
  const named = nodes.get(key(subject));
  if (named && !named.label) named.label = object.value;
}
