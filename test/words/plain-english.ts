import ts from 'typescript';

/** Habits of translated English, with what to write instead. */
const HABITS: readonly (readonly [habit: RegExp, instead: string])[] = [
  [/\b(?:is|are) wanted\b/iu, 'must be, enter, expected'],
  [/\bwants\b/iu, 'expects, asks for, requires'],
  [/\b(?:some|no)body\b|\bwhoever\b/iu, 'the user, another process, you'],
  [/\bby (?:it|them)sel(?:f|ves)\b/iu, 'automatically, alone'],
  [/\b(?:taken|takes?|taking) over\b/iu, 'imported, replaces'],
  [/\banew\b/iu, 'again'],
  [/\bmend(?:ed|s|ing)?\b/iu, 'fix'],
  [/(?<!\bthere )\bis no (?!longer\b)/iu, 'is not a'],
  [/\bEntra portal\b/iu, 'Microsoft Entra admin center'],
  [/(?<!Microsoft )\bEntra admin center\b/iu, 'Microsoft Entra admin center'],
  [/\bfrom now on\b/iu, 'now, or nothing'],
  [/\bruns already\b/iu, 'is already running'],
  [/\btold of\b/iu, 'called with, notified of'],
  [/\b(?:token|certificate|secret|session) ends\b/iu, 'expires'],
];

/** The habits that a text shows, each as it stands there with what to write instead. */
export function habitsIn(text: string): readonly string[] {
  const line = text.replaceAll(/\s+/gu, ' ');
  return HABITS.flatMap(([habit, instead]) => {
    const found = habit.exec(line)?.[0];
    return found === undefined ? [] : [`“${found.trim()}” (better: ${instead})`];
  });
}

/** The comments of a source, without their marks; one text for consecutive lines of `//`. */
export function commentsIn(source: string): readonly string[] {
  const file = ts.createSourceFile('any.ts', source, ts.ScriptTarget.Latest, true);
  const found = new Map<number, ts.CommentRange>();
  const look = (node: ts.Node): void => {
    const ranges = [
      ...(ts.getLeadingCommentRanges(source, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(source, node.getEnd()) ?? []),
    ];
    for (const range of ranges) found.set(range.pos, range);
    for (const child of node.getChildren(file)) look(child);
  };
  look(file);
  const texts: string[] = [];
  let lineEndsAt = -1;
  for (const { pos, end, kind } of [...found.values()].toSorted((a, b) => a.pos - b.pos)) {
    const text = source
      .slice(pos, end)
      .replaceAll(/^\s*(?:\/\*\*?|\*\/|\*|\/\/)|\*\/$/gmu, '')
      .trim();
    const isNextLine =
      kind === ts.SyntaxKind.SingleLineCommentTrivia && /^\s*$/u.test(source.slice(lineEndsAt, pos));
    if (isNextLine && lineEndsAt >= 0) texts.push(`${texts.pop() ?? ''} ${text}`);
    else texts.push(text);
    lineEndsAt = kind === ts.SyntaxKind.SingleLineCommentTrivia ? end : -1;
  }
  return texts;
}
