import { createHash } from 'node:crypto';

const SEAL = /sha256=[0-9a-f]{64}/u;
const EMPTY_SEAL = `sha256=${'0'.repeat(64)}`;

/** A text that shows later whether it was changed: `around` puts the seal into a comment of the text, once. */
export function sealed(around: (seal: string) => string): string {
  const text = around(EMPTY_SEAL);
  return text.replace(EMPTY_SEAL, sealOf(text));
}

/** Whether a text is unchanged since {@link sealed} made it, in any version of Tokentray. */
export function isSealed(text: string): boolean {
  const [seal] = SEAL.exec(text) ?? [];
  return seal !== undefined && sealOf(text.replace(seal, EMPTY_SEAL)) === seal;
}

function sealOf(text: string): string {
  return `sha256=${createHash('sha256').update(text).digest('hex')}`;
}
