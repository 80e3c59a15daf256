// The Settings page’s calls together: the keyring, the settings file, and the held credentials.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { draftOf } from '../../../../src/config/draft/draft.ts';
import { firstSettings } from '../../../../src/config/settings/registrations.ts';
import type { OwnPage } from '../../../../src/tray/windows/pages.ts';
import type { Sessions } from '../../../../src/tray/sessions/sessions.ts';
import type { SettingsPages } from '../../../../src/tray/calls/settings/settings-pages.ts';
import { VaultError } from '../../../../src/vault/store/vault.ts';
import type { DraftAsked, DraftCredential } from '../../../../src/pages/bridge/contract.ts';
import { memoryLog, profile, TestVault } from '../../../agent/fixtures/fixture.ts';
import { fakeAgent, fakeProfiles } from '../../../outlets/fixtures/fake-agent.ts';

const desktop = vi.hoisted(() => ({
  chooses: (): Promise<string | undefined> => Promise.resolve(undefined),
}));
vi.mock('electron', () => ({
  clipboard: {},
  BrowserWindow: { getAllWindows: () => [] },
  dialog: {
    showOpenDialog: async () => {
      const file = await desktop.chooses();
      return { canceled: file === undefined, filePaths: file === undefined ? [] : [file] };
    },
  },
}));
const { openSettingsPages } = await import('../../../../src/tray/calls/settings/settings-pages.ts');
const { settingsNow } = await import('../../../../src/tray/sessions/current-settings.ts');
const { settingsWindow } = await import('../../../../src/tray/windows/pages.ts');

let directory: string;
let settingsFile: string;
let vault: TestVault;
let told: unknown[];
let isOpen: boolean;
let closed: (page: OwnPage) => void;
let pages: SettingsPages;

beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'settings-pages-'));
  settingsFile = path.join(directory, 'settings.json');
  writeFileSync(settingsFile, JSON.stringify({ ...firstSettings, profiles: [profile] }));
  vault = new TestVault();
  told = [];
  isOpen = true;
  const profiles = fakeProfiles(fakeAgent());
  const configured = { vault, source: 'stored', settings: firstSettings } as const;
  const sessions = {
    configured,
    currentSettings: () => settingsNow({ settingsFile }, configured),
    changes: undefined,
    profiles: { list: profiles.list, get: (id?: string) => profiles.get(id), watch: () => () => undefined },
    outlets: { told: () => ({ loopback: { kind: 'off' }, shellCache: { kind: 'off' } }), troubles: () => [] },
  };
  pages = openSettingsPages({
    windows: {
      areClosed: false,
      isOpen: () => isOpen,
      whenClosed: (listener: typeof closed) => (closed = listener),
      tellAll: (name: string) => void told.push(name),
    } as unknown as Parameters<typeof openSettingsPages>[0]['windows'],
    application: { signInPort: undefined },
    sessions: sessions as unknown as Sessions,
    startAtLogin: { state: 'off', set: () => Promise.resolve(), watch: () => undefined },
    where: { settingsFile, runtimeDirectory: directory, socketPath: '/run/agent.sock' } as Parameters<
      typeof openSettingsPages
    >[0]['where'],
    log: memoryLog([]),
  });
});
afterEach(() => rmSync(directory, { recursive: true }));

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

test('a keyring that refuses is asked once, however often the page is updated or edited', async () => {
  vault.fault = () => new VaultError('locked');
  const { id } = profile;
  const typing: DraftAsked = { profile: id, draft: draftOf(profile), credential: { kind: 'stored' } };
  for (let times = 0; times < 5; times += 1) {
    const view = await pages.handlers['settings.read'](undefined);
    expect(view.profiles[0]?.credential.said).toContain('cannot be');
    await pages.handlers['draft.check'](typing);
    pages.news.announce();
    await settled();
  }
  expect(vault.calls).toHaveLength(1);
  expect(told).toEqual(['settings.changed']);
});

test('a settings file that breaks a rule is reported on the page, and not exported', async () => {
  expect(await pages.handlers['settings.read'](undefined)).not.toHaveProperty('trouble');
  writeFileSync(settingsFile, JSON.stringify({ ...firstSettings, profiles: [{ id: 'default' }] }));
  const view = await pages.handlers['settings.read'](undefined);
  expect(view.trouble).toContain('profiles.0.clientId');
  expect(await pages.handlers['settings.export'](undefined)).toMatchObject({
    kind: 'failed',
    problem: { code: 'profile.unchanged', message: expect.stringContaining('profiles.0.clientId') as string },
  });
});

describe('a held credential', () => {
  const read = async (): Promise<DraftCredential> => {
    const found = await pages.handlers['draft.read']({ text: 'CLIENT_SECRET=abc8Q~readFromSomeFile\n' });
    if (found.kind !== 'read' || found.credential === undefined) throw new Error('nothing was read');
    return found.credential;
  };
  const isHeld = async (credential: DraftCredential): Promise<boolean> => {
    const checked = await pages.handlers['draft.check']({ draft: draftOf(profile), credential });
    return checked.issues.length === 0;
  };

  test('is dropped when the Settings window closes, not another', async () => {
    const credential = await read();
    closed({ ...settingsWindow, file: 'status.html' });
    expect(await isHeld(credential)).toBe(true);
    closed(settingsWindow);
    expect(await isHeld(credential)).toBe(false);
  });

  test('is replaced by one chosen instead, and stays if the dialog is cancelled', async () => {
    const credential = await read();
    if (credential.kind !== 'held') throw new Error('it is not held');
    const replaced = { kind: 'assertion-file', replaces: credential.handle } as const;
    desktop.chooses = () => Promise.resolve(undefined);
    await pages.handlers['credential.choose'](replaced);
    expect(await isHeld(credential)).toBe(true);
    const file = path.join(directory, 'assertion');
    writeFileSync(file, `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.e30.signature`);
    desktop.chooses = () => Promise.resolve(file);
    await pages.handlers['credential.choose'](replaced);
    expect(await isHeld(credential)).toBe(false);
  });

  test('is dropped if the window was closed during the file dialog', async () => {
    const file = path.join(directory, 'assertion');
    const header = Buffer.from('{"alg":"RS256"}').toString('base64url');
    writeFileSync(file, `${header}.e30.signature`);
    desktop.chooses = () => Promise.resolve(file);
    const choose = async (): Promise<DraftCredential> => {
      const chosen = await pages.handlers['credential.choose']({ kind: 'assertion-file' });
      if (chosen.kind !== 'chosen') throw new Error(chosen.kind);
      return chosen.credential;
    };
    expect(await isHeld(await choose())).toBe(true);
    isOpen = false;
    expect(await isHeld(await choose())).toBe(false);
  });
});
