/** The attributes that our code may set: no event handlers, no styles, nothing that is run or parsed as markup. */
export type Attributes = {
  readonly [
    Name in
      | 'class'
      | 'id'
      | 'role'
      | 'type'
      | 'dir'
      | 'title'
      | 'tabindex'
      | 'scope'
      | 'datetime'
      | 'open'
      | 'for'
      | 'name'
      | 'value'
      | 'placeholder'
      | 'inputmode'
      | 'autocomplete'
      | 'spellcheck'
      | 'rows'
      | 'maxlength'
      | 'viewBox'
      | 'd'
      | 'cx'
      | 'cy'
      | 'r'
      | 'x1'
      | 'x2'
      | 'y1'
      | 'y2'
      | 'pathLength'
      | 'stroke-dasharray'
      | 'transform'
      | `aria-${string}`
      | `data-${string}`
  ]?: string;
};

/** A part of an element: a node, or text, which is never parsed as markup. */
export type Part = Node | string;

/** Parts of an element; `undefined` and `false` are left out. */
export type Parts = readonly (Part | undefined | false)[];

/** An element with its attributes and parts, made without markup: a name with `<img onerror>` in it stays a name. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...parts: Parts
): HTMLElementTagNameMap[Tag] {
  return filled(document.createElement(tag), attributes, parts);
}

/** An element of an SVG drawing. */
export function drawn<Tag extends 'svg' | 'path' | 'circle' | 'line'>(
  tag: Tag,
  attributes: Attributes,
  ...parts: readonly SVGElement[]
): SVGElementTagNameMap[Tag] {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, parts);
}

/** A path drawn in a square of 16 units. */
export function icon(path: string, attributes: Attributes): SVGElement {
  return drawn('svg', { viewBox: '0 0 16 16', ...attributes }, drawn('path', { d: path }));
}

/** A button that calls `click`. */
export function button(label: string, click: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const made = element('button', { type: 'button', class: 'button', ...attributes }, label);
  made.addEventListener('click', click);
  return made;
}

/** The head of a table: one row of column titles. */
export function tableHead(titles: readonly string[]): HTMLElement {
  const cells = titles.map((title) => element('th', { scope: 'col' }, title));
  return element('thead', {}, element('tr', {}, ...cells));
}

/** Sentences that may contain text from elsewhere, one paragraph each. */
export function paragraphs(
  sentences: readonly string[],
  attributes: Attributes = {},
): readonly HTMLElement[] {
  return sentences.map((each) => element('p', { dir: 'auto', ...attributes }, each));
}

/** The parts that are not left out. */
export function present(parts: Parts): readonly Part[] {
  return parts.filter((part) => part !== undefined && part !== false);
}

function filled<Made extends Element>(made: Made, attributes: Attributes, parts: Parts): Made {
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined) made.setAttribute(name, value);
  made.append(...present(parts));
  return made;
}
