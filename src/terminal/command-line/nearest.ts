/** Two slips of the fingers; more is another word. */
const MOST_SLIPS = 2;

/** The word that was probably meant, if one is close enough. */
export function nearest(found: string, known: readonly string[]): string | undefined {
  const slips = known.map((word) => ({ word, count: distance(found, word) }));
  const [best] = slips.toSorted((left, right) => left.count - right.count);
  return best !== undefined && best.count <= MOST_SLIPS ? best.word : undefined;
}

/** Levenshtein's distance: characters put in, left out, or exchanged. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(left).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(right).entries()) {
      const exchanged = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(exchanged, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
