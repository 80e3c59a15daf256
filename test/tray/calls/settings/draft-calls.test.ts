import { beforeEach, describe, expect, test } from 'vitest';
import { problem, ProblemError } from '../../../../src/words/problem.ts';
import { draftOf } from '../../../../src/config/draft/draft.ts';
import { SettingsError, settingsIssue } from '../../../../src/config/rules/issue.ts';
import type { Profile } from '../../../../src/config/profile/profile.ts';
import type { Registration } from '../../../../src/config/settings/registrations.ts';
import type { CredentialFacts } from '../../../../src/tray/calls/credentials/view.ts';
import { DraftCalls, type DraftParts } from '../../../../src/tray/calls/settings/draft-calls.ts';
import { HeldCredentials } from '../../../../src/tray/calls/credentials/held-credentials.ts';
import { Secret } from '../../../../src/system/secret.ts';
import type { DraftAsked, DraftCredential, ProfileDraft } from '../../../../src/pages/bridge/contract.ts';
import { memoryLog, profile } from '../../../agent/fixtures/fixture.ts';

const TYPED = 'abc8Q~typedBySomebodyJustNow';

let registered: Registration[];
let tried: Parameters<DraftParts['test']>[0][];
let told: unknown[];
let held: HeldCredentials;
let stored: CredentialFacts['kind'];
let refusal: Error | undefined;
let profiles: readonly Profile[];
let logged: unknown[];

const callsWith = (more: Partial<DraftParts> = {}): DraftCalls =>
  new DraftCalls({
    profiles: () => profiles,
    changes: {
      put: (registration) => {
        if (refusal !== undefined) return Promise.reject(refusal);
        registered.push(registration);
        return Promise.resolve();
      },
    },
    held,
    storedFor: () => Promise.resolve({ kind: stored, importedAt: 0 } as CredentialFacts),
    backend: () => 'secret-service',
    log: memoryLog(logged),
    test: (what, onLine) => {
      const line = { name: 'clock', kind: 'ok', said: 'It agrees.' } as const;
      tried.push(what);
      onLine(line);
      return Promise.resolve([line]);
    },
    tell: (said) => void told.push(said),
    ...more,
  });

const draft: ProfileDraft = { ...draftOf(profile), name: 'Work' };
const asked = (credential: DraftCredential, more: Partial<DraftAsked> = {}): DraftAsked => ({
  draft,
  credential,
  ...more,
});
const typed: DraftCredential = { kind: 'secret', secret: ` ${TYPED}\n` };
const kept: DraftCredential = { kind: 'stored' };
const fieldsOf = (issues: readonly { field: string }[]): string[] => issues.map(({ field }) => field);

beforeEach(() => {
  registered = [];
  tried = [];
  told = [];
  held = new HeldCredentials();
  stored = 'secret';
  refusal = undefined;
  profiles = [profile];
  logged = [];
});

describe('checking', () => {
  test('finds no issues in a valid draft', async () => {
    expect(await callsWith().check(asked(typed))).toEqual({ issues: [], warnings: [] });
    expect(await callsWith().check(asked(kept, { profile: 'default' }))).toMatchObject({ issues: [] });
  });

  test('reports all issues at once, in the fields and the credential', async () => {
    const broken = { ...draft, clientId: 'x', redirectUri: 'http://example.org/' };
    const { issues } = await callsWith().check(asked(kept, { draft: broken }));
    expect(fieldsOf(issues)).toEqual(['clientId', 'redirectUri', 'credential']);
  });

  test('shows no secret, whichever field it was typed in', async () => {
    // It does not look like a secret.
    const secret = 'correct-horse-battery';
    const misplaced = { ...draft, clientId: secret, scopes: `"${secret}` };
    const checked = await callsWith().check(asked({ kind: 'secret', secret }, { draft: misplaced }));
    expect(fieldsOf(checked.issues)).toEqual(expect.arrayContaining(['clientId', 'scopes']));
    expect(JSON.stringify(checked)).not.toContain('horse');
  });

  test('warns about values that are only formally valid', async () => {
    const guid: DraftCredential = { kind: 'secret', secret: '99999999-2222-3333-4444-555555555555' };
    const https = { ...draft, redirectUri: 'https://localhost:5000/x' };
    const { issues, warnings } = await callsWith().check(asked(guid, { draft: https }));
    expect([issues, warnings.length]).toEqual([[], 2]);
  });

  test.each(['none', 'bound-elsewhere', 'unreadable'] as const)(
    'requires a credential if the stored one is %s',
    async (kind) => {
      stored = kind;
      const { issues } = await callsWith().check(asked(kept, { profile: 'default' }));
      expect(fieldsOf(issues)).toEqual(['credential']);
    },
  );

  test('allows renaming a profile while the keyring is locked', async () => {
    stored = 'unavailable';
    expect(await callsWith().check(asked(kept, { profile: 'default' }))).toMatchObject({ issues: [] });
  });

  test('requires the credential again for another registration', async () => {
    const other = { ...draft, authority: 'https://login.example.org/other' };
    const { issues } = await callsWith().check(asked(kept, { profile: 'default', draft: other }));
    expect(fieldsOf(issues)).toEqual(['credential']);
    expect(issues[0]?.sentence).toContain(profile.authority);
  });

  test('asks to choose the file again if the credential is no longer held', async () => {
    const { issues } = await callsWith().check(asked({ kind: 'held', handle: 'gone' }));
    expect(issues).toMatchObject([
      { field: 'credential', sentence: expect.stringContaining('again') as string },
    ]);
  });
});

describe('saving', () => {
  test('creates a new profile with an unused ID, and trims the secret', async () => {
    profiles = [profile, { ...profile, id: 'work' }];
    const saved = await callsWith().save(asked(typed));
    expect(saved).toEqual({ kind: 'saved', profile: 'work-2', said: 'Saved.' });
    const [{ profile: made, credential, replaces, rank }] = registered as [Registration];
    expect(made).toMatchObject({ id: 'work-2', name: 'Work', clientId: profile.clientId });
    expect(credential?.kind === 'secret' && credential.secret.reveal()).toBe(TYPED);
    expect([replaces, rank]).toEqual(['same', 'further']);
    expect(JSON.stringify(saved)).not.toContain(TYPED);
  });

  test('changes the given profile and keeps its credential', async () => {
    await callsWith().save(asked(kept, { profile: 'default' }));
    expect(registered).toMatchObject([{ profile: { id: 'default', name: 'Work' }, replaces: 'existing' }]);
    expect(registered[0]?.credential).toBeUndefined();
    expect(registered[0]?.tokenFiles).toBeUndefined();
  });

  test('does not restore a profile that was removed in the meantime', async () => {
    const saved = await callsWith().save(asked(typed, { profile: 'gone' }));
    expect(saved).toMatchObject({ kind: 'failed', problem: { code: 'profile.unknown' } });
    expect(registered).toEqual([]);
  });

  test('uses a held credential once, and drops it then', async () => {
    const credential = held.hold({ kind: 'secret', secret: new Secret(TYPED) });
    expect(await callsWith().save(asked(credential))).toMatchObject({ kind: 'saved' });
    expect(held.get(credential.handle)).toBeUndefined();
  });

  test('keeps a held credential after a failed save, for another try', async () => {
    const credential = held.hold({ kind: 'secret', secret: new Secret(TYPED) });
    refusal = new ProblemError(problem('admin', 'port-in-use', { port: 5000, holder: '' }));
    expect(await callsWith().save(asked(credential))).toMatchObject({
      kind: 'failed',
      problem: { code: 'port-in-use' },
    });
    expect(held.get(credential.handle)).toBeDefined();
  });

  test('stores no invalid draft, and reports its issues', async () => {
    const saved = await callsWith().save(asked(typed, { draft: { ...draft, clientId: '' } }));
    expect(saved).toMatchObject({ kind: 'refused', issues: [{ field: 'clientId' }] });
    expect(registered).toEqual([]);
  });

  test('reports what the settings file refuses', async () => {
    refusal = new SettingsError([settingsIssue('settings.json', undefined, 'settings.rule.file.broken')]);
    expect(await callsWith().save(asked(typed))).toMatchObject({
      kind: 'refused',
      issues: [{ field: 'form', sentence: expect.stringContaining('settings.json') as string }],
    });
  });

  test('explains storage in memory if there is no keyring', async () => {
    const saved = await callsWith({ backend: () => 'memory' }).save(asked(typed));
    expect(saved).toMatchObject({ kind: 'saved', said: expect.stringContaining('restart') as string });
  });

  test('is refused if this run stores nothing', async () => {
    const saved = await callsWith({ changes: undefined }).save(asked(typed));
    expect(saved).toMatchObject({ kind: 'failed', problem: { code: 'profile.not-kept' } });
  });

  test('does not show an unknown error’s message, and logs it', async () => {
    refusal = new Error(`could not store ${TYPED}`);
    expect(JSON.stringify(await callsWith().save(asked(typed)))).not.toContain(TYPED);
    expect(logged).toMatchObject([['error', 'a profile could not be saved', { error: refusal }]]);
  });

  test('does not log issues that the user can fix', async () => {
    refusal = new SettingsError([settingsIssue('settings.json', undefined, 'settings.rule.file.broken')]);
    await callsWith().save(asked(typed));
    await callsWith().save(asked(typed, { draft: { ...draft, clientId: '' } }));
    expect(logged).toEqual([]);
  });
});

describe('testing', () => {
  test('sends each line with its run as it comes, and answers with all lines', async () => {
    const lines = await callsWith().test({ ...asked(typed), run: 3 });
    expect(lines).toMatchObject([{ name: 'clock' }]);
    expect(told).toEqual([{ run: 3, line: lines[0] }]);
    const { credential } = tried[0]!;
    expect(credential?.kind === 'secret' && credential.secret.reveal()).toBe(TYPED);
  });

  test('uses the stored credential if no other is given', async () => {
    await callsWith().test({ ...asked(kept, { profile: 'default' }), run: 1 });
    expect(tried).toMatchObject([{ profile: { id: 'default' } }]);
    expect(tried[0]?.credential).toBeUndefined();
  });

  test.each<[string, DraftAsked]>([
    ['is not a valid registration', asked(typed, { draft: { ...draft, authority: '' } })],
    ['has no credential', asked(kept)],
    ['has a blank secret', asked({ kind: 'secret', secret: ' \n' }, { profile: 'default' })],
    [
      'names a credential that is no longer held',
      asked({ kind: 'held', handle: 'gone' }, { profile: 'default' }),
    ],
  ])('refuses a draft that %s', async (_what, broken) => {
    await expect(callsWith().test({ ...broken, run: 1 })).rejects.toMatchObject({
      problem: { code: 'settings-tray.draft' },
    });
    expect(tried).toEqual([]);
  });
});

describe('a credential that was read', () => {
  const text = [
    `CLIENT_ID=${profile.clientId}`,
    `CLIENT_SECRET=${TYPED}`,
    'AUTHORITY=https://login.example.org/one',
    '',
  ].join('\n');
  const there = { ...draft, authority: 'https://login.example.org/one' };
  const elsewhere = { ...draft, authority: 'https://login.example.org/other' };
  const readIn = async (from: string): Promise<DraftCredential> => {
    const read = await callsWith().read(from);
    if (read.kind !== 'read' || read.credential === undefined) throw new Error('no credential was read');
    return read.credential;
  };

  test('is used for the registration named beside it', async () => {
    const credential = await readIn(text);
    expect(await callsWith().check(asked(credential, { draft: there }))).toMatchObject({ issues: [] });
    await callsWith().test({ ...asked(credential, { draft: there }), run: 1 });
    expect(tried).toMatchObject([{ credential: { kind: 'secret' } }]);
  });

  test.each<[string, Partial<ProfileDraft>]>([
    ['authority', elsewhere],
    ['client', { ...there, clientId: '99999999-2222-3333-4444-555555555555' }],
  ])('is not used for another %s', async (_what, other) => {
    const given = asked(await readIn(text), { draft: { ...draft, ...other } });
    const { issues } = await callsWith().check(given);
    expect(fieldsOf(issues)).toEqual(['credential']);
    expect(issues[0]?.sentence).toContain('https://login.example.org/one');
    await expect(callsWith().test({ ...given, run: 1 })).rejects.toMatchObject({
      problem: { code: 'settings-tray.draft' },
    });
    expect(await callsWith().save(given)).toMatchObject({ kind: 'refused' });
    expect([tried, registered]).toEqual([[], []]);
  });

  test('without a registration beside it belongs to the one it is first used for', async () => {
    const credential = await readIn(`CLIENT_SECRET=${TYPED}\nSCOPES=User.Read\n`);
    // Checking a draft does not count as use.
    for (const one of [elsewhere, there])
      expect(await callsWith().check(asked(credential, { draft: one }))).toMatchObject({ issues: [] });
    await callsWith().test({ ...asked(credential, { draft: there }), run: 1 });
    expect(fieldsOf((await callsWith().check(asked(credential, { draft: elsewhere }))).issues)).toEqual([
      'credential',
    ]);
    expect(await callsWith().save(asked(credential, { draft: there }))).toMatchObject({ kind: 'saved' });
  });

  test('is also bound by a save that failed', async () => {
    const credential = held.hold({ kind: 'assertion-file', path: '/home/ada/assertion' });
    refusal = new ProblemError(problem('admin', 'port-in-use', { port: 5000, holder: '' }));
    await callsWith().save(asked(credential, { draft: there }));
    refusal = undefined;
    expect(await callsWith().save(asked(credential, { draft: elsewhere }))).toMatchObject({
      kind: 'refused',
      issues: [{ field: 'credential' }],
    });
  });

  test('is never shown, even if it was put in a field by mistake', async () => {
    const secret = 'correct-horse-battery';
    const credential = await readIn(text.replace(TYPED, secret));
    const misplaced = { ...there, clientId: secret, redirectUri: `x ${secret}` };
    const checked = await callsWith().check(asked(credential, { draft: misplaced }));
    expect(fieldsOf(checked.issues)).toEqual(expect.arrayContaining(['clientId', 'redirectUri']));
    expect(JSON.stringify(checked)).not.toContain('horse');
  });
});

describe('reading', () => {
  test('gives the page the fields, and a handle for the secret', async () => {
    const text = `CLIENT_ID=${profile.clientId}\nCLIENT_SECRET=${TYPED}\nTENANT_ID=contoso.onmicrosoft.com\n`;
    const read = await callsWith().read(text);
    expect(read).toMatchObject({ kind: 'read', draft: { clientId: profile.clientId } });
    expect(JSON.stringify(read)).not.toContain(TYPED);
    const credential = read.kind === 'read' ? held.get(read.credential?.handle ?? '') : undefined;
    expect(credential?.kind === 'secret' && credential.secret.reveal()).toBe(TYPED);
  });

  test('says why a text cannot be used', async () => {
    const read = await callsWith().read('\0');
    expect(read).toMatchObject({ kind: 'refused', sentences: [expect.any(String) as string] });
  });
});

test('only the last few credentials are held', () => {
  const handles = Array.from({ length: 40 }, () =>
    held.hold({ kind: 'secret', secret: new Secret(TYPED) }),
  ).map(({ handle }) => handle);
  expect(new Set(handles).size).toBe(40);
  expect(handles.filter((handle) => held.get(handle) !== undefined)).toEqual(handles.slice(-16));
});
