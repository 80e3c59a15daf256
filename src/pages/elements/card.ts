import { element, type Part } from './element.ts';

/** A section of a page under its heading. */
export function card(title: string, ...parts: readonly Part[]): HTMLElement {
  return element('section', { class: 'card' }, element('h2', {}, title), ...parts);
}

/** A section of a form under its heading. */
export function formPart(title: string, ...parts: readonly Part[]): HTMLElement {
  return element('section', { class: 'card form-part' }, element('h3', {}, title), ...parts);
}
