/** Lets a drawing be moved and enlarged: by pointer, by buttons, by keys. */
import { h } from "./dom";

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export class Viewport {
  #box: Box;

  constructor(private readonly drawing: SVGSVGElement, private readonly whole: Box) {
    this.#box = { ...whole };
    this.#show();
    drawing.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return; // the page scrolls
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2);
    }, { passive: false }); // prettier-ignore
    drawing.addEventListener("pointerdown", (event) => this.#pan(event));
  }

  /** Buttons for it. */
  buttons(): HTMLElement[] {
    const button = (label: string, text: string, act: () => void) =>
      h("button", { type: "button", "aria-label": label, title: label, onclick: act }, text);
    const step = (x: number, y: number) => () => this.#move(x * this.#box.width, y * this.#box.height);
    return [
      button("Larger", "+", () => this.zoom(1.4)),
      button("Smaller", "−", () => this.zoom(1 / 1.4)),
      button("All of it", "Fit", () => this.fit()),
      button("Look left", "←", step(-0.2, 0)), button("Look right", "→", step(0.2, 0)),
      button("Look up", "↑", step(0, -0.2)), button("Look down", "↓", step(0, 0.2)),
    ]; // prettier-ignore
  }

  fit(): void {
    this.#box = { ...this.whole };
    this.#show();
  }

  zoom(factor: number): void {
    const { x, y, width, height } = this.#box;
    const limited = Math.min(Math.max(width / factor, this.whole.width / 40), this.whole.width * 2);
    const scale = limited / width;
    this.#box = {
      x: x + (width * (1 - scale)) / 2,
      y: y + (height * (1 - scale)) / 2,
      width: width * scale,
      height: height * scale,
    };
    this.#show();
  }

  /** How many units of the drawing a pixel of the screen is. */
  get unit(): number {
    const { width, height } = this.drawing.getBoundingClientRect();
    return Math.max(this.#box.width / (width || 1), this.#box.height / (height || 1));
  }

  #move(dx: number, dy: number): void {
    this.#box.x += dx;
    this.#box.y += dy;
    this.#show();
  }

  #pan(event: PointerEvent): void {
    if (event.target !== this.drawing || event.button !== 0) return;
    drag(event, this.drawing, (dx, dy) => this.#move(-dx * this.unit, -dy * this.unit));
  }

  #show(): void {
    const { x, y, width, height } = this.#box;
    this.drawing.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
  }
}

/** Follow a pointer from here until it is let go. */
export function drag(start: PointerEvent, target: Element, moved: (dx: number, dy: number) => void): void {
  let [x, y] = [start.clientX, start.clientY];
  const move = (event: Event): void => {
    const { clientX, clientY } = event as PointerEvent;
    moved(clientX - x, clientY - y);
    [x, y] = [clientX, clientY];
  };
  const end = (): void => {
    target.removeEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) target.removeEventListener(name, end);
  };
  target.setPointerCapture(start.pointerId);
  target.addEventListener("pointermove", move);
  for (const name of ["pointerup", "pointercancel"]) target.addEventListener(name, end);
}
