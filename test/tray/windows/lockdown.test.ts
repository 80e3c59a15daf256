import { beforeEach, describe, expect, test, vi } from 'vitest';

const switches = vi.hoisted(() => [] as string[][]);
vi.mock('electron', () => ({
  app: { commandLine: { appendSwitch: (...given: string[]) => void switches.push(given) } },
  Menu: {},
}));
const { makeUnresolvable } = await import('../../../src/tray/windows/lockdown.ts');

beforeEach(() => void (switches.length = 0));

describe('the host resolver rules', () => {
  test('cover every profile in one switch', () => {
    makeUnresolvable([
      'http://localhost:5000/getAToken',
      'https://app.example/auth',
      'http://127.0.0.1/x',
      'http://localhost:5000/other',
    ]);
    expect(switches).toEqual([
      [
        'host-resolver-rules',
        'MAP localhost:5000 ~NOTFOUND,MAP app.example:443 ~NOTFOUND,MAP 127.0.0.1:80 ~NOTFOUND',
      ],
    ]);
  });

  test('are not set without a profile', () => {
    makeUnresolvable([]);
    expect(switches).toEqual([]);
  });
});
