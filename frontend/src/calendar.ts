/** Items in time: which there are, the lanes they lie in, and the marks of the axis above them. */
import { at, type Span, spanOf } from "./dates";
import type { Row } from "./terms";

export const ITEMS = 500;
const DAY = 86_400_000;

export interface Item {
  span: Span;
  /** The date as the data writes it. */
  written: string;
  row: Row;
}

export interface Dated {
  /** In order of time. */
  items: Item[];
  /** Rows with a date that are not drawn, since they are too many. */
  left: number;
  /** Rows without a date. */
  undated: number;
}

/**
 * The items of rows.
 *
 * @param from the column with the beginning, or with the whole date
 * @param to the column with the end; -1 for none
 */
export function itemsOf(rows: Row[], from: number, to: number): Dated {
  const items: Item[] = [];
  let undated = 0;
  for (const row of rows) {
    const [first, last] = [row[from] ?? null, to < 0 ? null : (row[to] ?? null)];
    const [start, end] = [spanOf(first), spanOf(last)];
    const known = start ?? end;
    if (known === null) {
      undated++;
      continue;
    }
    // An end before the beginning is wrong in the data: what begins is shown.
    const span = start && end && end.end >= start.start ? { start: start.start, end: end.end } : known;
    const pieces = [start && first, end && last].filter((term) => !!term).map((term) => String(term.value));
    items.push({ span, written: [...new Set(pieces)].join(" – "), row });
  }
  items.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  return { items: items.slice(0, ITEMS), left: Math.max(0, items.length - ITEMS), undated };
}

/** The lane of each item, so that none covers another; items in order, each with its width. */
export function lanes(places: { left: number; width: number }[]): number[] {
  const ends: number[] = [];
  return places.map(({ left, width }) => {
    const free = ends.findIndex((end) => end <= left);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = left + width;
    return lane;
  });
}

export interface Mark {
  time: number;
  label: string;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const HOURS = [1, 3, 6, 12];
const DAYS = [1, 2, 7, 14];
const MONTH_STEPS = [1, 3, 6];
const YEARS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 100000];

/** The marks between two times, about `most` at most, at round dates. */
export function marks(start: number, end: number, most: number): Mark[] {
  const step = (end - start) / Math.max(most, 1);
  const hours = HOURS.find((n) => n * 3_600_000 >= step);
  if (hours !== undefined) return every(start, end, hours * 3_600_000, hourLabel);
  const days = DAYS.find((n) => n * DAY >= step);
  if (days !== undefined) return every(start, end, days * DAY, dayLabel);
  const months = MONTH_STEPS.find((n) => n * 31 * DAY >= step);
  if (months !== undefined) return monthly(start, end, months);
  const years = YEARS.find((n) => n * 366 * DAY >= step) ?? YEARS.at(-1)!;
  return monthly(start, end, years * 12);
}

function every(start: number, end: number, step: number, label: (date: Date) => string): Mark[] {
  const found: Mark[] = [];
  for (let time = Math.ceil(start / step) * step; time <= end; time += step) {
    found.push({ time, label: label(new Date(time)) });
  }
  return found;
}

function monthly(start: number, end: number, months: number): Mark[] {
  const found: Mark[] = [];
  const first = new Date(start);
  const count = first.getUTCFullYear() * 12 + first.getUTCMonth();
  for (let month = Math.floor(count / months) * months; ; month += months) {
    const year = Math.floor(month / 12);
    const time = at(year, month - year * 12 + 1, 1);
    if (!(time <= end)) return found;
    const name = months % 12 === 0 ? String(year) : `${MONTHS[month - year * 12]} ${year}`;
    if (time >= start) found.push({ time, label: name });
  }
}

function dayLabel(date: Date): string {
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

function hourLabel(date: Date): string {
  return `${dayLabel(date)} ${String(date.getUTCHours()).padStart(2, "0")}:00`;
}
