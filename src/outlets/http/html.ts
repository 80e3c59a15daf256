import { withoutTurning } from '../../words/turning-marks.ts';

/** Markup that is sent as it is. Anything else is escaped by {@link html}. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes text and attributes in quotes, and removes characters that change the text direction. */
function escape(text: string): string {
  return withoutTurning(text).replace(/[&<>"']/gu, (character) => ENTITIES[character] ?? '');
}

/** Markup with values filled in: texts escaped, {@link Html} and lists of it as they are. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | Html | readonly Html[])[]
): Html {
  const filled = values.map((value) => {
    if (value instanceof Html) return value.markup;
    return typeof value === 'string' ? escape(value) : value.map(({ markup }) => markup).join('');
  });
  return new Html(parts.reduce((text, part, index) => text + (filled[index - 1] ?? '') + part));
}
