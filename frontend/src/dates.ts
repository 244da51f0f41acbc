/** Dates of RDF as spans of time: a day lasts a day, a year a year (XML Schema 1.1 Datatypes §3.3). */
import { isLiteral, type Row, type Term, XSD } from "./terms";

export interface Span {
  /** Milliseconds since 1970, UTC where the data names no zone. */
  start: number;
  /** Where it ends; as `start` for a moment. */
  end: number;
}

const FORM = /^(-?\d{4,6})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d):(\d\d(?:\.\d+)?))?)?)?(Z|[+-]\d\d:\d\d)?$/;
const PIECES: Record<string, number> = { gYear: 1, gYearMonth: 2, date: 3, dateTime: 6, dateTimeStamp: 6 };

/** The span that a literal stands for; null if it is no date. */
export function spanOf(term: Term | null | undefined): Span | null {
  if (!isLiteral(term) || !term.datatype?.startsWith(XSD)) return null;
  const pieces = PIECES[term.datatype.slice(XSD.length)];
  const found = FORM.exec(term.value.trim());
  if (pieces === undefined || found === null) return null;
  const given = found.slice(1, 7).filter((piece) => piece !== undefined).length;
  if (given !== pieces) return null;
  const [year, month = 1, day = 1, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map((p) => (p === undefined ? undefined : Number(p)));
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year!, month)) return null;
  const shift = offset(found[7]);
  const start = at(year!, month, day) + ((hour * 60 + minute) * 60 + second) * 1000 - shift;
  if (!Number.isFinite(start)) return null;
  if (pieces === 6) return { start, end: start };
  const next = pieces === 1 ? at(year! + 1, 1, 1) : pieces === 2 ? at(year!, month + 1, 1) : at(year!, month, day + 1);
  return Number.isFinite(next) ? { start, end: next - shift } : null;
}

/** Midnight at the beginning of a day; months and days may run over. */
export function at(year: number, month: number, day: number): number {
  const date = new Date(0);
  return date.setUTCFullYear(year, month - 1, day);
}

function daysOf(year: number, month: number): number {
  return new Date(at(year, month + 1, 0)).getUTCDate();
}

function offset(zone: string | undefined): number {
  if (zone === undefined || zone === "Z") return 0;
  const [hours = 0, minutes = 0] = zone.slice(1).split(":").map(Number);
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** The columns of which at least half of the values are dates. */
export function dateColumns(columns: string[], rows: Row[]): number[] {
  const looked = rows.slice(0, 500);
  return columns.flatMap((_, i) => {
    const values = looked.map((row) => row[i]).filter((term) => !!term);
    const dates = values.filter((term) => spanOf(term) !== null);
    return dates.length > 0 && dates.length * 2 >= values.length ? [i] : [];
  });
}
