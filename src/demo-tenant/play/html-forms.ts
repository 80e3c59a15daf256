/** A form of a page, with what a script needs to submit it. */
export interface HtmlForm {
  readonly method: 'GET' | 'POST';
  /** Absolute. */
  readonly action: string;
  readonly inputs: readonly HtmlControl[];
  readonly buttons: readonly HtmlControl[];
}

/** An input or button of a form. */
export interface HtmlControl {
  readonly name: string;
  readonly value: string;
  readonly type: string;
}

/** Finds the forms of a page. Enough for well-formed pages like ours; not a general HTML parser. */
export function findForms(page: string, pageUrl: string): HtmlForm[] {
  return [...page.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gis)].map(([, head = '', content = '']) => {
    const form = attributes(head);
    return {
      method: form.get('method')?.toUpperCase() === 'POST' ? 'POST' : 'GET',
      action: new URL(form.get('action') ?? '', pageUrl).href,
      inputs: controls(content, /<input\b([^>]*)>/gis, 'text'),
      buttons: controls(content, /<button\b([^>]*)>/gis, 'submit'),
    };
  });
}

function controls(content: string, pattern: RegExp, defaultType: string): HtmlControl[] {
  return [...content.matchAll(pattern)].map(([, head = '']) => {
    const found = attributes(head);
    const [name = '', value = '', type = defaultType] = ['name', 'value', 'type'].map((key) =>
      found.get(key),
    );
    return { name, value, type: type.toLowerCase() };
  });
}

function attributes(head: string): Map<string, string> {
  const pattern = /([a-z][\w-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/gi;
  return new Map(
    [...head.matchAll(pattern)].map(([, name = '', double, single, bare]) => [
      name.toLowerCase(),
      decode(double ?? single ?? bare ?? ''),
    ]),
  );
}

const NAMED_ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replace(/&(#\d+|#x[0-9a-f]+|[a-z]+);/gi, (whole: string, entity: string) =>
    // `0x3b` is a hexadecimal number to JavaScript too.
    entity.startsWith('#')
      ? String.fromCodePoint(Number(entity.slice(1).replace(/^x/i, '0x')))
      : (NAMED_ENTITIES[entity] ?? whole),
  );
}
