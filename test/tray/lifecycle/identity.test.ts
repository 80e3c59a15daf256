import { readFileSync } from 'node:fs';
import { beforeEach, expect, test, vi } from 'vitest';

const called = vi.hoisted((): string[] => []);
vi.mock('electron', () => ({
  app: {
    setName: (name: string) => called.push(`name ${name}`),
    setAppUserModelId: (id: string) => called.push(`id ${id}`),
    setActivationPolicy: (policy: string) => called.push(`policy ${policy}`),
  },
}));
const { APP_ID, setIdentity } = await import('../../../src/tray/lifecycle/identity.ts');

beforeEach(() => void called.splice(0));

test('the ID on Windows is the one that the installer gives the shortcut', () => {
  const builder = readFileSync(new URL('../../../electron-builder.yml', import.meta.url), 'utf8');
  expect(builder).toContain(`\nappId: ${APP_ID}\n`);
});

test.each([
  ['win32', ['name Tokentray', `id ${APP_ID}`]],
  ['darwin', ['name Tokentray', 'policy accessory']],
  ['linux', ['name Tokentray']],
] as const)('on %s the identity is %j', (platform, wanted) => {
  setIdentity(platform);
  expect(called).toEqual(wanted);
});
