/** The queries that somebody works on, kept in this browser and nowhere else. */

export interface Tab {
  text: string;
  seconds: string;
}

export interface Desk {
  tabs: Tab[];
  active: number;
}

const KEY = "triplomacy-queries";
export const MOST = 30;
const LONGEST = 200_000;

/** What was kept; null if there is nothing, or nothing that can be read. */
export function restore(storage: Pick<Storage, "getItem">): Desk | null {
  try {
    const kept = JSON.parse(storage.getItem(KEY) ?? "null") as Partial<Desk> | null;
    if (!Array.isArray(kept?.tabs)) return null;
    const tabs = kept.tabs
      .filter((tab): tab is Tab => typeof tab?.text === "string")
      .slice(0, MOST)
      .map((tab) => ({ text: tab.text, seconds: String(tab.seconds ?? "") }));
    if (tabs.length === 0) return null;
    const active = Number.isInteger(kept.active) ? Number(kept.active) : 0;
    return { tabs, active: Math.min(Math.max(active, 0), tabs.length - 1) };
  } catch {
    return null; // no storage here, or another's
  }
}

export function keep(storage: Pick<Storage, "setItem">, desk: Desk): void {
  try {
    const tabs = desk.tabs.map((tab) => (tab.text.length > LONGEST ? { ...tab, text: "" } : tab));
    storage.setItem(KEY, JSON.stringify({ ...desk, tabs }));
  } catch {
    // Full, or forbidden: the page works, and forgets.
  }
}

/**
 * The desk to begin with.
 *
 * @param asked the text that the server put into the editor
 * @param isOwn whether somebody asked for that text: by a link, or an example
 */
export function begin(kept: Desk | null, asked: Tab, isOwn: boolean): Desk {
  if (kept === null) return { tabs: [asked], active: 0 };
  if (!isOwn) return kept;
  const same = kept.tabs.findIndex((tab) => tab.text.trim() === asked.text.trim());
  if (same >= 0) return { ...kept, active: same };
  return open(kept, asked);
}

/** With one more tab, which is active; the oldest goes where there are too many. */
export function open(desk: Desk, tab: Tab): Desk {
  const tabs = [...desk.tabs, tab].slice(-MOST);
  return { tabs, active: tabs.length - 1 };
}

/** Without a tab; there is always one. */
export function close(desk: Desk, index: number, fresh: Tab): Desk {
  const tabs = desk.tabs.filter((_, i) => i !== index);
  if (tabs.length === 0) return { tabs: [fresh], active: 0 };
  const active = desk.active > index ? desk.active - 1 : desk.active;
  return { tabs, active: Math.min(active, tabs.length - 1) };
}

/** What a tab is called: its first comment, or its number. */
export function titleOf(tab: Tab, index: number): string {
  const comment = /^\s*#\s*(?:title:\s*)?(\S[^\n]*)/.exec(tab.text)?.[1]?.trim();
  return comment ? (comment.length > 24 ? comment.slice(0, 23) + "…" : comment) : `Query ${index + 1}`;
}
