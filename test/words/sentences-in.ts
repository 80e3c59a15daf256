import ts from 'typescript';

/** Words for people that stand in a source, and where. */
export interface Found {
  readonly line: number;
  readonly text: string;
}

/** What only developers read: the message of a bug, and the log, which is English for whoever looks for something in it. */
const DEVELOPERS_ERRORS = new Set(['Error', 'TypeError', 'RangeError']);
const LOG_CALL = /\blog\.(?:debug|info|warn|error)$/u;

/** Here an error’s message is shown: a rejected call says it to people (src/pages/bridge/api.ts). */
const PAGES = 'pages/';

/** What puts a text into a page. */
const ADDING_CALL = /\.(?:append|prepend|replaceChildren|replaceWith|before|after)$/u;

const COMPARING: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);

/** Attributes that are said or shown. */
const SAID_ATTRIBUTES = new Set(['aria-label', 'aria-description', 'title', 'placeholder', 'alt']);

/**
 * Whether a text reads as a sentence of ours, or as a label of several words: it has words one beside the other, and
 * begins large, or ends as a sentence does. A clause that begins small and does not end is a detail: it fills a
 * sentence of the catalogue, where Node’s and the system’s own messages stand as well.
 */
export function isSentence(text: string): boolean {
  const said = text.trim();
  return (
    /\p{L}{2,}[,;:]? +\p{L}{2,}/u.test(said) &&
    (/^[“‘]?\p{Lu}/u.test(said) || /[.…?!][”’)]?$/u.test(said) || /\p{L}[.?!] \p{Lu}/u.test(said))
  );
}

/**
 * What a source says to people by itself. Every sentence; and where it is certain that it is shown (the parts of an
 * `element`, the text of `html`, `textContent`, a label’s attribute), every word. In the pages, what looks as a label
 * does is one wherever it goes: to a function that makes a part of the page of it, or into an array.
 *
 * `fileName`: below src, with slashes.
 */
export function sentencesIn(source: string, fileName = 'any.ts'): readonly Found[] {
  const file = ts.createSourceFile(fileName, source, ts.ScriptTarget.Latest, true);
  const found: Found[] = [];
  const look = (node: ts.Node): void => {
    const text = textOf(node);
    const wrong =
      text !== undefined &&
      !isForDevelopers(node, fileName) &&
      (isShown(node, fileName)
        ? isWord(text)
        : (isSentence(text) && !isMarkup(node)) || isLabel(node, fileName));
    if (wrong || (ts.isTaggedTemplateExpression(node) && isMarkup(node) && isWord(markupText(node))))
      found.push({
        line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1,
        text: (text ?? markupText(node)).trim().replaceAll(/\s+/gu, ' '),
      });
    ts.forEachChild(node, look);
  };
  look(file);
  return found;
}

const isWord = (text: string): boolean => /\p{L}{2,}/u.test(text);

/** A literal’s text, with `{}` for what is put in. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('{}');
}

function isForDevelopers({ parent }: ts.Node, fileName: string): boolean {
  if (ts.isNewExpression(parent))
    return DEVELOPERS_ERRORS.has(parent.expression.getText()) && !fileName.startsWith(PAGES);
  return ts.isCallExpression(parent) && LOG_CALL.test(parent.expression.getText());
}

function isShown(node: ts.Node, fileName: string): boolean {
  const { parent } = node;
  if (ts.isCallExpression(parent))
    return isShownBy(parent, parent.arguments.indexOf(node as ts.Expression), fileName);
  if (ts.isPropertyAssignment(parent) && parent.initializer === node)
    return SAID_ATTRIBUTES.has(parent.name.getText().replaceAll(/['"]/gu, ''));
  return (
    ts.isBinaryExpression(parent) &&
    parent.right === node &&
    /\.(?:textContent|title)$/u.test(parent.left.getText())
  );
}

function isShownBy(
  { expression, arguments: given }: ts.CallExpression,
  index: number,
  fileName: string,
): boolean {
  const called = expression.getText();
  if (called === 'element') return index >= 2;
  // Elsewhere there are parameters of addresses and headers.
  if (ADDING_CALL.test(called)) return fileName.startsWith(PAGES);
  const [name] = given;
  return (
    called.endsWith('.setAttribute') &&
    index === 1 &&
    name !== undefined &&
    SAID_ATTRIBUTES.has(textOf(name) ?? '')
  );
}

/** A word that begins large, and is neither compared, as a key of the keyboard is, nor the name of a type or a zone. */
function isLabel(node: ts.Node, fileName: string): boolean {
  if (!fileName.startsWith(PAGES) || !/^\p{Lu}\p{Ll}[^/_]*$/u.test(textOf(node) ?? '')) return false;
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) return !COMPARING.has(parent.operatorToken.kind);
  return !ts.isCaseClause(parent) && !ts.isLiteralTypeNode(parent);
}

/** The template of `html`, or the tagged expression itself. */
function isMarkup(node: ts.Node): boolean {
  const tagged = ts.isTaggedTemplateExpression(node) ? node : node.parent;
  return ts.isTaggedTemplateExpression(tagged) && tagged.tag.getText() === 'html';
}

/** What is between the tags of an `html` template, without what is put in. */
function markupText(node: ts.Node): string {
  if (!ts.isTaggedTemplateExpression(node)) return '';
  return shownText((textOf(node.template) ?? '').replaceAll('{}', ' '));
}

/** What a page shows of its markup, with the attributes that are said or shown. */
export function shownText(markup: string): string {
  return markup
    .replaceAll(/<!--.*?-->/gsu, ' ')
    .replaceAll(/<[^>]*>/gu, (tag) => ` ${saidAttributes(tag).join(' ')} `)
    .trim();
}

function saidAttributes(tag: string): readonly string[] {
  return [...tag.matchAll(/\s([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gu)]
    .filter(([, name = '']) => SAID_ATTRIBUTES.has(name))
    .map(([, , double, single, bare]) => double ?? single ?? bare ?? '');
}
