import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { buildProgram, buildStandIn } from '../build-stand-in.ts';
import { runsOn } from '../harness.ts';

interface Result {
  name: string;
  error: string | null;
  ms: number;
}

/** The list takes 25 s on two quiet cores; only a hang takes this long. */
const LIMIT_MS = 400_000;

const { output, code } = await runConformance();
const results = output
  .split('\n')
  .filter((line) => line.startsWith('CONFORMANCE '))
  .map((line) => JSON.parse(line.slice('CONFORMANCE '.length)) as Result);

process.stdout.write(`conformance on: ${runsOn()}\n`);

it(`ran every behaviour to its end on: ${runsOn()}`, () => {
  expect(output).toContain(`conformance on: ${runsOn()}`);
  expect(code, output).toBe(0);
  expect(results.length).toBeGreaterThan(40);
});

for (const { name, error } of results) {
  it(name, () => {
    expect(error).toBeNull();
  });
}

/** Chromium takes `--ignore-certificate-errors-spki-list` only beside a profile directory of its own. */
function profileFor(program: string): string {
  return `--user-data-dir=${path.join(path.dirname(program), 'conformance-profile')}`;
}

async function runConformance(): Promise<{ output: string; code: number | null }> {
  await buildStandIn();
  const program = await buildProgram(fileURLToPath(new URL('./conformance.ts', import.meta.url)));
  const register = fileURLToPath(new URL('../loader/register.mjs', import.meta.url));
  const command =
    process.env.ELECTRON_BINARY === undefined
      ? [process.execPath, '--enable-source-maps', '--import', register, program]
      : [process.env.ELECTRON_BINARY, program, profileFor(program)];
  const child = spawn(command[0] ?? '', command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (written += chunk));
  }
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  const [ended] = (await once(child, 'close')) as [number | null];
  clearTimeout(limit);
  return { output: written, code: ended };
}
