import type { Table } from '../command-line/table.ts';

export const table = {
  arguments: {
    choice: { value: 'CHOICE', choices: ['auto', 'encrypted-file', 'memory', 'plain-file'] },
  },
  optional: true,
  options: {
    'key-file': {
      value: 'FILE',
      conflicts: ['systemdCredential', 'passphrase'],
      onlyWith: ['encrypted-file'],
    },
    'systemd-credential': { value: 'NAME', conflicts: ['passphrase'], onlyWith: ['encrypted-file'] },
    passphrase: { onlyWith: ['encrypted-file'] },
    json: {},
  },
  examples: [
    'tokentray storage encrypted-file --key-file ~/.config/tokentray.key',
    'systemd-run --user --pipe --wait -p LoadCredential=NAME:/PATH \\\n    tokentray storage encrypted-file --systemd-credential NAME',
  ],
} as const satisfies Table;
