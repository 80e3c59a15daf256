import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { parseJson } from '../../system/json.ts';
import { VaultError } from '../store/vault.ts';

/** How a file store wraps an item's content, so that the file says what it is and damage is detected. */
export interface Envelope {
  readonly backend: 'encrypted-file' | 'plain-file';
  wrap(name: string, content: string): string;
  /** @throws VaultError `corrupt`; `refused` for a version that is not supported */
  unwrap(name: string, text: string): string;
}

/** In every file, to identify it. An incompatible format gets another version. */
const FORMAT = 'tokentray vault item';
const VERSION = 1;

const CIPHER = 'aes-256-gcm';

/** Recommended for GCM by NIST SP 800-38D; random nonces are safe for 2^32 saves under one key. */
const NONCE_BYTES = 12;

/** A full tag: shorter ones are easier to forge, and Node accepts them unless the length is set. */
const TAG_BYTES = 16;

/** Plain content, for users who chose that explicitly. A truncated file is not valid JSON. */
export const plainEnvelope: Envelope = {
  backend: 'plain-file',
  wrap: (name, content) => print({ cipher: 'none', name, content }),
  unwrap: (name, text) => {
    const { cipher, name: found, content } = parse(text);
    if (cipher !== 'none' || found !== name || content === undefined) throw damaged();
    return content;
  },
};

/**
 * AES-256-GCM under `key` (32 bytes), with a new nonce for each save. Format, version, cipher and name are
 * authenticated, so a file renamed to another item's or relabeled cannot be opened.
 */
export function sealedEnvelope(key: Buffer): Envelope {
  const label = (name: string): Buffer => Buffer.from(JSON.stringify([FORMAT, VERSION, CIPHER, name]));
  return {
    backend: 'encrypted-file',
    wrap: (name, content) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(label(name));
      const data = Buffer.concat([cipher.update(content, 'utf8'), cipher.final()]);
      const base64 = (bytes: Buffer): string => bytes.toString('base64');
      return print({
        cipher: CIPHER,
        nonce: base64(nonce),
        tag: base64(cipher.getAuthTag()),
        data: base64(data),
      });
    },
    unwrap: (name, text) => {
      const { cipher, nonce, tag, data } = parse(text);
      if (cipher !== CIPHER || nonce === undefined || tag === undefined || data === undefined)
        throw damaged();
      try {
        const decipher = createDecipheriv(CIPHER, key, Buffer.from(nonce, 'base64'), {
          authTagLength: TAG_BYTES,
        })
          .setAAD(label(name))
          .setAuthTag(Buffer.from(tag, 'base64'));
        return Buffer.concat([decipher.update(data, 'base64'), decipher.final()]).toString('utf8');
      } catch (error) {
        // Node's reason ("unable to authenticate data") contains nothing of the content.
        throw new VaultError(`the stored content is damaged (${reasonOf(error)})`, 'corrupt');
      }
    },
  };
}

function print(members: Readonly<Record<string, string>>): string {
  return `${JSON.stringify({ format: FORMAT, version: VERSION, ...members })}\n`;
}

/** The text members of an envelope. */
function parse(text: string): Readonly<Partial<Record<string, string>>> {
  const { format, version, ...members } = jsonObject(text);
  if (format !== FORMAT || typeof version !== 'number') throw damaged();
  if (version !== VERSION) {
    throw new VaultError(
      `the stored content has version ${version}, and this Tokentray reads version ${VERSION}: update it`,
    );
  }
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** The members of a JSON object; none if the text is not a JSON object. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> {
  const value = parseJson(text);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function damaged(): VaultError {
  return new VaultError('the stored content is damaged', 'corrupt');
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
