import { describe, expect, test } from 'vitest';
import { chooseNetwork, withNetwork } from '../../../src/tray/network/network-choice.ts';

const proxied = { HTTPS_PROXY: 'http://proxy.example:3128' };

test.each([
  ['the system’s network is used', { network: 'system' }, {}, 'win32', []],
  ['Node’s is, and reads all of them', { network: 'node', ca: '/ca.pem' }, proxied, 'win32', []],
  [
    'a CA file does not change the network, and is named',
    { network: 'system', ca: '/ca.pem' },
    {},
    'linux',
    ['extraCaFile'],
  ],
  [
    'the variable for one is named too',
    { network: 'system' },
    { NODE_EXTRA_CA_CERTS: '/ca.pem' },
    'darwin',
    ['NODE_EXTRA_CA_CERTS'],
  ],
  ['an empty variable is ignored', { network: 'system' }, { NODE_EXTRA_CA_CERTS: '' }, 'win32', []],
  ['the environment’s proxy is named too', { network: 'system' }, proxied, 'win32', ['HTTPS_PROXY']],
  ['which Chromium reads on Linux', { network: 'system' }, proxied, 'linux', []],
] as const)('%s', (_name, { network, ...more }, env, platform, unused) => {
  const extraCaFile = 'ca' in more ? more.ca : undefined;
  expect(chooseNetwork({ network, extraCaFile }, env, platform)).toEqual({ network, unused });
});

describe('the doctor’s line about the network', () => {
  const ok = { name: 'network', kind: 'ok', detail: 'idp answers.', ms: 1 } as const;
  const clock = { name: 'clock', kind: 'ok', detail: 'The clock agrees.', ms: 1 } as const;
  const problem = { kind: 'transient', code: 'offline', message: 'idp is away.', next: 'Wait.' } as const;
  const trouble = { name: 'network', kind: 'trouble', problem, ms: 1 } as const;

  test('says which one was used; no other line does', () => {
    expect(withNetwork([ok, clock], { network: 'system', unused: [] })).toEqual([
      { ...ok, detail: 'idp answers. Using the system’s network settings.' },
      clock,
    ]);
    expect(withNetwork([ok], { network: 'node', unused: [] })).toEqual([
      { ...ok, detail: 'idp answers. Using the environment’s network settings, as set in Tokentray.' },
    ]);
  });

  test('names in its problem the unused settings, and how to use them', () => {
    const [line] = withNetwork([trouble], { network: 'system', unused: ['extraCaFile', 'HTTPS_PROXY'] });
    expect(line?.problem).toEqual({
      ...problem,
      message:
        'idp is away. Using the system’s network settings. ' +
        'Ignored there unless “network” is “node” in the settings: extraCaFile, HTTPS_PROXY.',
    });
  });
});
