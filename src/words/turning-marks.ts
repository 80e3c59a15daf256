/** Characters that change the direction of the text after them (UAX #9, 2.1 to 2.4): embeddings, overrides, isolates. */
const TURNING_MARKS = /[\u202a-\u202e\u2066-\u2069]/gu;

/** A text from outside, without the characters that could reverse the text after it. */
export function withoutTurning(text: string): string {
  return text.replaceAll(TURNING_MARKS, '');
}
