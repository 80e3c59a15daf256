import { expect, test } from 'vitest';
import { problem } from '../../../../src/words/problem.ts';
import { problemBody } from '../../../../src/outlets/answer/answer.ts';
import { statusBody } from '../../../../src/outlets/answer/status-body.ts';
import { diagnosticsText, type DiagnosticFacts } from '../../../../src/tray/calls/status/diagnostics.ts';
import { ada, fakeAgent, NOON, profile, TOKEN } from '../../../outlets/fixtures/fake-agent.ts';

const agent = fakeAgent();
const reason = problem('interaction', 'signed-out');
agent.status = {
  ...agent.status,
  session: { kind: 'sign-in-needed', reason, account: ada, expiresOn: NOON },
};

const facts: DiagnosticFacts = {
  at: NOON,
  versions: { tokentray: '1.2.3', electron: '45.4.1', chromium: '156', node: '24' },
  platform: ['linux', 'x64', '6.1.0'],
  storage: 'secret-service',
  settings: {
    profiles: [profile],
    tokenFiles: [{ path: '/home/ada/token' }],
    hooks: { refreshed: ['/bin/notify', '--password', 'hunter2-and-more'], failed: undefined },
  },
  outlets: { loopback: { kind: 'off' }, shellCache: { kind: 'on', directory: '/home/ada/run' } },
  statuses: [
    statusBody(agent, { standing: 'default', surface: 'tray', source: 'stored', tokenFileTroubles: [] }),
  ],
  checkUps: new Map([
    ['default', [{ name: 'clock', kind: 'trouble', problem: problemBody(reason), ms: 3 } as const]],
    ['work', undefined],
  ]),
  logLines: [
    'info  signed in account=ada@example.org name="Ada <Lovelace>"',
    `warn  asked access_token=${TOKEN} Authorization: Bearer ${TOKEN}`,
    'warn  C:\\Users\\ada',
  ],
  homeDirectory: '/home/ada',
};

test('the report contains what helps', () => {
  const text = diagnosticsText(facts);
  for (const part of [
    '# Tokentray diagnostics, 2026-11-22T12:00:00Z',
    'electron 45.4.1',
    'linux x64 6.1.0',
    'secret-service',
    profile.clientId,
    profile.authority,
    '"reason": "interaction signed-out: You are signed out."',
    'trouble clock (3 ms) interaction signed-out: You are signed out.',
    'took too long',
    '## log, the last 3 lines',
    'info  signed in account=',
  ])
    expect(text).toContain(part);
});

test('the report contains no token, user name or home directory, and hooks without their commands', () => {
  const text = diagnosticsText(facts);
  for (const part of [
    TOKEN.slice(0, 20),
    'ada@example.org',
    'Lovelace',
    '/home/ada',
    'hunter2',
    '/bin/notify',
  ])
    expect(text).not.toContain(part);
  expect(text).toContain('a…@example.org');
  expect(text).toContain('~/token');
  expect(text).toMatch(/"hooks": \[\s*"refreshed"\s*\]/u);
});

test('a short name does not mask parts of other words', () => {
  const short = { ...ada, username: 'in@example.org', name: 'In' };
  agent.status = { ...agent.status, session: { kind: 'signed-in', account: short, expiresOn: NOON } };
  const statuses = [
    statusBody(agent, { standing: 'default', surface: 'tray', source: 'stored', tokenFileTroubles: [] }),
  ];
  const text = diagnosticsText({ ...facts, statuses });
  expect(text).toContain('i…@example.org');
  expect(text).toContain('linux x64');
});
