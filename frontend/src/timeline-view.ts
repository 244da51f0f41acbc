/** An answer along time, where a column has dates. */
import { dateColumns } from "./dates";
import type { View } from "./view";

export const timelineView: View = {
  id: "timeline",
  label: "Timeline",
  fits: (_, table) => !!table && dateColumns(table.columns, table.rows).length > 0,
  show: async (place, answer, page) => {
    // Its scripts come when they are needed.
    const [table, { drawTimeline }] = await Promise.all([answer.table(), import("./timeline")]);
    await drawTimeline(place, table, page);
  },
};
