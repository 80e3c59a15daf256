import { describe, expect, test } from 'vitest';
import { Launches, launchRequest, type LaunchRequest } from '../../../src/tray/lifecycle/launch-request.ts';

test.each([
  [['/usr/bin/tokentray', '--sign-in'], 'sign-in'],
  [['/usr/bin/tokentray', '--status'], 'status'],
  [['/usr/bin/tokentray', '--quit'], 'quit'],
  [['/usr/bin/tokentray', '--at-login'], 'at-login'],
  [['/usr/bin/tokentray', '--original-process-start-time=13', '--quit', '/work'], 'quit'],
  [['/usr/bin/tokentray', '--status', '--quit'], 'status'],
] as const)('%j requests %s', (argv, request) => expect(launchRequest(argv)).toBe(request));

test.each([
  [['/usr/bin/tokentray']],
  [['/usr/bin/tokentray', '--quit=yes', '--Quit', 'quit', '--status-bar']],
])('%j requests nothing', (argv) => expect(launchRequest(argv)).toBeUndefined());

describe('launches before the application runs', () => {
  function followed(...requests: readonly LaunchRequest[]): LaunchRequest[] {
    const launches = new Launches();
    const done: LaunchRequest[] = [];
    requests.forEach((request) => launches.arrive(request));
    launches.followBy((request) => done.push(request));
    return done;
  }

  test('wait, and the last one is followed', () => {
    expect(followed('status', 'sign-in')).toEqual(['sign-in']);
    expect(followed('sign-in', 'at-login')).toEqual(['sign-in']);
    expect(followed()).toEqual(['at-login']);
  });

  test('are followed once, and later ones immediately', () => {
    const launches = new Launches();
    const done: LaunchRequest[] = [];
    launches.arrive('quit');
    launches.followBy((request) => done.push(request));
    launches.arrive('status');
    launches.arrive('at-login');
    expect(done).toEqual(['quit', 'status', 'at-login']);
  });
});
