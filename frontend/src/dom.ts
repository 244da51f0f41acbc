/** Makes elements. Text only ever becomes text nodes, so nothing in an answer can become markup. */

type Value = string | number | boolean | null | undefined | ((event: Event) => void);
type Child = Node | string | null | undefined | false;
export type Attributes = Record<string, Value>;

/** An HTML element; a function is a listener (`onclick`), true an attribute without a value. */
export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  dress(element, attributes, children);
  return element;
}

/** An SVG element, as `h`. */
export function svg<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  dress(element, attributes, children);
  return element;
}

function dress(element: Element, attributes: Attributes, children: Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, String(value));
    }
  }
  element.append(...children.filter((child): child is Node | string => !!child));
}

/** Whether an address may be a link: nothing but http and https ever is. */
export function isWeb(address: string): boolean {
  return /^https?:\/\/[^/]/i.test(address);
}

/** A number with its thousands apart: 12345 → `12,345`. */
export function grouped(count: number): string {
  return count.toLocaleString("en-GB");
}

/** A count with its noun: `1 row`, `2 rows`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A text that is cut to `length` characters, visibly. */
export function cutTo(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length - 1) + "…";
}
