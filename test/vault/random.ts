/** Numbers that look random and are the same for the same seed (mulberry32), and what is made of them. */
export interface Random {
  /** A whole number from 0 to below. */
  below(limit: number): number;
  between(least: number, most: number): number;
  pick<T>(values: readonly T[]): T;
  text(alphabet: string, length: number): string;
}

export function randomFrom(seed: number): Random {
  let state = seed | 0;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
  const pick = <T>(values: readonly T[]): T => values[below(values.length)]!;
  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    pick,
    text: (alphabet, length) => Array.from({ length }, () => alphabet[below(alphabet.length)]).join(''),
  };
}
