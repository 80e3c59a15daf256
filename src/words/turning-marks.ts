/** The marks that turn the direction of what follows (UAX #9, 2.1 to 2.4): embeddings, overrides, isolates. */
const TURNING_MARKS = /[\u202a-\u202e\u2066-\u2069]/gu;

/** A text that others wrote, without the marks that could turn what stands after it. */
export function withoutTurning(text: string): string {
  return text.replaceAll(TURNING_MARKS, '');
}
