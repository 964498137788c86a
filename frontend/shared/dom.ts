// Small typed shortcuts over the DOM; names and texts always go in as text, never as HTML.
export const one = <T extends Element = HTMLElement>(selector: string, root: ParentNode = document): T | null =>
  root.querySelector<T>(selector);
export const all = <T extends Element = HTMLElement>(selector: string, root: ParentNode = document): T[] =>
  Array.from(root.querySelectorAll<T>(selector));

/** Calls `handle` for events whose target lies inside `selector`, now and for everything swapped in later. */
export function on<K extends keyof DocumentEventMap>(
  type: K,
  selector: string,
  handle: (element: HTMLElement, event: DocumentEventMap[K]) => void,
  capture = false,
): void {
  document.addEventListener(
    type,
    (event) => {
      const target = event.target instanceof Element ? event.target.closest<HTMLElement>(selector) : null;
      if (target) handle(target, event);
    },
    capture,
  );
}

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** An icon of the sprite; the page says where the sprite is, so the name of the build stays in one place. */
export function icon(name: string, extra = ""): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", `x-icon ${extra}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `${document.body.dataset["sprite"] ?? ""}#${name}`);
  svg.append(use);
  return svg;
}

export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** The server's time: it may run ahead of this device, and in a demonstration it is moved. */
const skew = (() => {
  const stated = Date.parse(document.body.dataset["now"] ?? "");
  return Number.isNaN(stated) ? 0 : stated - Date.now();
})();
export const serverNow = (): number => Date.now() + skew;
