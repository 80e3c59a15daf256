// Programs that only await the library: Node ends a program (with exit code 13, or silently) when nothing that it
// awaits keeps it alive.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerOf, decisions } from '../agent/fixtures/decision-table.ts';
import { makeEmptyHome, ownHome, type FakeOwner } from '../terminal/fixtures/fake-owner.ts';
import { makeWorkplace, type Workplace } from '../terminal/fixtures/recipes.ts';

let owner: FakeOwner;
let work: Workplace;

beforeAll(async () => {
  const home = makeEmptyHome();
  owner = await ownHome(home.places);
  const given = decisions.find(({ gets }) => gets === 'new token');
  if (given === undefined) throw new Error('no such decision');
  owner.agent.answer = answerOf(given, Date.now());
  work = makeWorkplace(home.env);
});

afterAll(() => owner.close());

const CALLS = [
  'getToken()',
  'getAccessToken()',
  "new TokentrayCredential().getToken('User.Read')",
  'getToken({ minLifetimeSeconds: 60 })',
  "getToken({ refresh: 'always' })",
  "getToken({ claims: '{}' })",
  "getToken({ scopes: ['User.Read'] })",
  'getToken({ signal: AbortSignal.timeout(20_000) })',
];

/** The body of a program that makes a call some times. */
const WAYS = {
  once: (call: string) => `await ${call}; count += 1;`,
  'one after the other': (call: string) => `for (let n = 0; n < 50; n += 1) { await ${call}; count += 1; }`,
  'twice, the second late': (call: string) =>
    `for (let n = 0; n < 2; n += 1) { await ${call}; count += 1; await new Promise((go) => setTimeout(go, 50)); }`,
  'at once': (call: string) =>
    `await Promise.all(Array.from({ length: 50 }, async () => { await ${call}; count += 1; }));`,
} as const;
const COUNTS = { once: 1, 'one after the other': 50, 'twice, the second late': 2, 'at once': 50 } as const;

const PROGRAMS = CALLS.flatMap((call) =>
  (Object.keys(WAYS) as readonly (keyof typeof WAYS)[]).map((way) => ({ call, way })),
);

test.each(PROGRAMS)('$call, $way: the program goes on to its end', async ({ call, way }) => {
  const program = `
    import { getAccessToken, getToken, TokentrayCredential } from 'tokentray';
    let count = 0;
    ${WAYS[way](call)}
    console.log('done ' + count);
  `;
  writeFileSync(path.join(work.directory, 'program.mjs'), program);
  expect(await work.run(process.execPath, ['program.mjs'])).toEqual({
    code: 0,
    out: `done ${COUNTS[way]}\n`,
    err: '',
  });
});

test('all calls in one program, twice, in an async function without a top-level await', async () => {
  const program = `
    import { getAccessToken, getToken, TokentrayCredential } from 'tokentray';
    async function main() {
      for (const round of [1, 2]) {
        ${CALLS.map((call) => `await ${call};`).join('\n')}
        await getToken({ profile: 'nobody' }).catch(() => undefined);
        console.log('round ' + round);
      }
    }
    main();
  `;
  writeFileSync(path.join(work.directory, 'program.mjs'), program);
  const ended = await work.run(process.execPath, ['program.mjs']);
  expect(ended).toEqual({ code: 0, out: 'round 1\nround 2\n', err: '' });
});
