import * as v from 'valibot';
import type { StorageChoice } from '../../vault/store/storage-choice.ts';
import { isRecord, objectRule, rule } from '../rules/checked.ts';
import { fullPathSchema } from '../rules/full-path.ts';

/** The choices without parameters. */
const WORDS = ['auto', 'memory', 'plain-file'] as const;

/** systemd.exec(5), LoadCredential=: a valid file name without a colon, which separates it from the path. */
const CREDENTIAL_NAME = /^(?!\.{1,2}$)[^/:\p{Cc}]{1,255}$/u;

const keySource = v.variant(
  'kind',
  [
    v.object(
      { kind: v.literal('key-file'), path: fullPathSchema },
      objectRule({ path: 'settings.rule.path' }),
    ),
    v.object(
      {
        kind: v.literal('systemd-credential'),
        name: v.pipe(
          v.string(rule('settings.rule.systemd-credential')),
          v.regex(CREDENTIAL_NAME, rule('settings.rule.systemd-credential')),
        ),
      },
      objectRule({ name: 'settings.rule.systemd-credential' }),
    ),
    v.object({ kind: v.literal('passphrase') }),
  ],
  rule('settings.rule.storage-key'),
);

const word = v.picklist(WORDS, rule('settings.rule.storage'));
const encryptedFile = v.variant(
  'kind',
  [
    v.object(
      { kind: v.literal('encrypted-file'), key: keySource },
      objectRule({ key: 'settings.rule.storage-key' }),
    ),
  ],
  rule('settings.rule.storage'),
);

/** A word, or an encrypted file with the source of its key. */
export const storageSchema = v.lazy((input): v.GenericSchema<unknown, StorageChoice> =>
  isRecord(input) ? encryptedFile : word,
);
