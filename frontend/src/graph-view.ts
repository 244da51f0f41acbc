/** An answer as a drawing of nodes and edges. */
import type { Table } from "./answer";
import { guessEnds } from "./links";
import type { View } from "./view";

export const graphView: View = {
  id: "graph",
  label: "Graph",
  fits: (answer, table) => answer.kind === "graph" || (!!table && canBeDrawn(table)),
  show: async (place, answer, page) => {
    // The drawing's scripts come when they are needed.
    const [table, { drawGraph }] = await Promise.all([answer.table(), import("./graph")]);
    await drawGraph(place, table, answer.kind === "graph", page);
  },
};

function canBeDrawn({ columns, rows }: Table): boolean {
  return rows.length > 0 && guessEnds(columns, rows) !== null;
}
