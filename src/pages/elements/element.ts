/** What an element here may be given: no handler, no style, nothing that would be run or read as markup. */
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
      | `aria-${string}`
      | `data-${string}`
  ]?: string;
};

/** A part of an element: a node, or text, which stays text whatever is written in it. */
export type Part = Node | string;

/** An element with its attributes and parts, made without markup: a name with `<img onerror>` in it is a name. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...parts: readonly Part[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined) made.setAttribute(name, value);
  made.append(...parts);
  return made;
}

/** What is drawn is given: geometry and classes. */
export type Drawing = {
  readonly [
    Name in
      | 'class'
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
      | 'role'
      | `aria-${string}`
  ]?: string;
};

/** An element of a drawing (SVG 2). */
export function drawn<Tag extends 'svg' | 'path' | 'circle' | 'line'>(
  tag: Tag,
  attributes: Drawing,
  ...parts: readonly SVGElement[]
): SVGElementTagNameMap[Tag] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined) made.setAttribute(name, value);
  made.append(...parts);
  return made;
}
