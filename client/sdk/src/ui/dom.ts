/** The few lines of DOM that the call UI is written in. */

type Child = Node | string;

/** Makes an element: `h('button', { class: 'x', 'aria-label': 'Mute' }, icon)`. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Sets a text only when it differs, so that screen readers and selections are left alone. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Sets an attribute only when it differs; null removes it. */
export function setAttribute(element: Element, name: string, value: string | null): void {
  if (value === null) {
    element.removeAttribute(name);
  } else if (element.getAttribute(name) !== value) {
    element.setAttribute(name, value);
  }
}

/** Shows an element or takes it out of the page. */
export function setShown(element: HTMLElement, isShown: boolean): void {
  element.hidden = !isShown;
}

/** Labels an icon button for ears and, as a tooltip, for eyes. */
export function setLabel(button: HTMLElement, label: string): void {
  setAttribute(button, 'aria-label', label);
  setAttribute(button, 'title', label);
}

const PATHS = {
  mic: 'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3ZM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21',
  micOff:
    'M9 9.5V11a3 3 0 0 0 4.7 2.5M15 11V6a3 3 0 0 0-5.6-1.5M5.5 11a6.5 6.5 0 0 0 10.4 5.2M18.5 11a6.5 6.5 0 0 1-.5 2.5M12 17.5V21M4 3l16 18',
  camera:
    'M4.5 6.5h9A1.5 1.5 0 0 1 15 8v8a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 3 16V8a1.5 1.5 0 0 1 1.5-1.5ZM15 11l5-3.2a.6.6 0 0 1 1 .5v7.4a.6.6 0 0 1-1 .5L15 13',
  cameraOff:
    'M10 6.5h3.5A1.5 1.5 0 0 1 15 8v3l5-3.2a.6.6 0 0 1 1 .5v7.4a.6.6 0 0 1-1 .5M15 16a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 3 16V8a1.5 1.5 0 0 1 1.5-1.5M4 3l16 18',
  screen:
    'M4.5 4.5h15A1.5 1.5 0 0 1 21 6v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 15V6a1.5 1.5 0 0 1 1.5-1.5ZM8 20h8M12 13.5v-6M9.2 10 12 7.2l2.8 2.8',
  screenOff:
    'M4.5 4.5h15A1.5 1.5 0 0 1 21 6v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 15V6a1.5 1.5 0 0 1 1.5-1.5ZM8 20h8M9.5 8l5 5M14.5 8l-5 5',
  hangUp:
    'M12 9.2c3.4 0 6.3.8 8.4 2.4.8.6 1 1.7.5 2.6l-.8 1.4a1.5 1.5 0 0 1-1.9.6l-2.6-1.1a1.5 1.5 0 0 1-.9-1.4v-1.6a11 11 0 0 0-5.4 0v1.6c0 .6-.4 1.2-.9 1.4l-2.6 1.1a1.5 1.5 0 0 1-1.9-.6l-.8-1.4c-.5-.9-.3-2 .5-2.6C5.7 10 8.6 9.2 12 9.2Z',
  settings:
    'M4 7.5h8M18 7.5h2M4 16.5h2M12 16.5h8M15 5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5ZM9 14a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Z',
  pin: 'M9 4h6l-.7 6.2 3.2 3.3v1.5h-11v-1.5l3.2-3.3L9 4ZM12 15v6',
  unpin: 'M9.2 4H15l-.7 6.2 1.5 1.6M14 15H6.5v-1.5l3-3.1M12 15v6M4 3l16 18',
  expand: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  shrink: 'M9 4v5H4M15 4v5h5M9 20v-5H4M15 20v-5h5',
  back: 'M15 5l-7 7 7 7',
  forward: 'M9 5l7 7-7 7',
  close: 'M6 6l12 12M18 6L6 18',
  people:
    'M9 11a3.5 3.5 0 100-7 3.5 3.5 0 000 7ZM2.5 20c0-3.6 2.9-6 6.5-6s6.5 2.4 6.5 6M16 4.4a3.5 3.5 0 010 6.2M18 14.4c2.1.8 3.5 2.8 3.5 5.6',
  hand: 'M8 12V5.5a1.5 1.5 0 013 0V11V4a1.5 1.5 0 013 0v7V5.5a1.5 1.5 0 013 0V14c0 4-2.4 7-6.2 7-3 0-4.4-1.500-5.800-4.200L3.700 13.500a1.500 1.500 0 012.600-1.500L8 14',
  pip: 'M3.500 5h17v14h-17ZM12.500 12h5.500v4.500h-5.500Z',
} as const;

/** The name of a drawing. */
export type IconName = keyof typeof PATHS;

const SVG = 'http://www.w3.org/2000/svg';

/** Draws an icon; it is decoration, the label is on the button. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.dataset.icon = name;
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}

/** Puts an icon in a place that shows one icon at a time. */
export function setIcon(place: Element, name: IconName): void {
  const shown = place.querySelector('svg');
  if (shown?.dataset.icon !== name) {
    shown?.remove();
    place.prepend(icon(name));
  }
}

/** A button that shows an icon. */
export function iconButton(name: IconName, label: string, onClick: () => void): HTMLButtonElement {
  const button = h('button', { type: 'button' }, icon(name));
  setLabel(button, label);
  button.addEventListener('click', onClick);
  return button;
}
