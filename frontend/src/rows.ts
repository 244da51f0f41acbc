/** The rows of a table as somebody looks at them: filtered, sorted, a page at a time. */
import { compare, type Row, type Term } from "./terms";

export interface Look {
  filter: string;
  /** The column to sort by; -1 for the order of the answer. */
  column: number;
  down: boolean;
  page: number;
  /** Rows on a page. */
  size: number;
}

export interface Shown {
  rows: Row[];
  /** How many fit the filter. */
  fitting: number;
  page: number;
  pages: number;
}

/** @param words how a term reads, label and IRI alike */
export function look(rows: Row[], { filter, column, down, page, size }: Look, words: (term: Term) => string): Shown {
  const wanted = filter.trim().toLowerCase();
  const fits = (row: Row) => row.some((term) => term && words(term).toLowerCase().includes(wanted));
  let fitting = wanted ? rows.filter(fits) : rows;
  if (column >= 0) {
    fitting = [...fitting].sort((a, b) => compare(a[column] ?? null, b[column] ?? null, words, down));
  }
  const pages = Math.max(1, Math.ceil(fitting.length / size));
  const current = Math.min(Math.max(page, 0), pages - 1);
  return {
    rows: fitting.slice(current * size, (current + 1) * size),
    fitting: fitting.length,
    page: current,
    pages,
  };
}
