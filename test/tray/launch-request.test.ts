import { expect, test } from 'vitest';
import { launchRequest } from '../../src/tray/launch-request.ts';

test.each([
  [['/usr/bin/tokentray', '--sign-in'], 'sign-in'],
  [['/usr/bin/tokentray', '--status'], 'status'],
  [['/usr/bin/tokentray', '--quit'], 'quit'],
  [['/usr/bin/tokentray', '--at-login'], 'at-login'],
  [['/usr/bin/tokentray', '--original-process-start-time=13', '--quit', '/work'], 'quit'],
  [['/usr/bin/tokentray', '--status', '--quit'], 'status'],
] as const)('%j asks for %s', (argv, request) => expect(launchRequest(argv)).toBe(request));

test.each([
  [['/usr/bin/tokentray']],
  [['/usr/bin/tokentray', '--quit=yes', '--Quit', 'quit', '--status-bar']],
])('%j asks for nothing', (argv) => expect(launchRequest(argv)).toBeUndefined());
