// Continuous access evaluation from end to end: a resource of the demo tenant refuses a token with a claims challenge,
// and programs meet it through the built library and a running host.
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Tokentray } from '../terminal/fixtures/command.ts';
import { makeWorkplace, type Workplace } from '../terminal/fixtures/recipes.ts';
import { makeStoredHome, type StoredHome } from '../terminal/fixtures/stored-home.ts';

let stored: StoredHome;
let tokentray: Tokentray;
let work: Workplace;
let me: string;

beforeAll(async () => {
  stored = await makeStoredHome('plain-file');
  tokentray = stored.tokentray();
  work = makeWorkplace(stored.home.env);
  me = `${stored.home.tenant.authority}/resource/me`;
  await stored.signIn(await tokentray.serve());
});
afterEach(() => {
  stored.home.tenant.faults.token = undefined;
  stored.home.tenant.faults.revokedBefore = 0;
});
afterAll(async () => {
  tokentray.killAll();
  await stored.close();
});

/** Runs a program; its last line is JSON. */
async function run(text: string): Promise<unknown> {
  const program = `
    import { getToken, TokentrayCredential } from 'tokentray';
    const ask = async (token) => {
      const answer = await fetch('${me}', { headers: { authorization: 'Bearer ' + token } });
      const challenge = /claims="([^"]+)"/.exec(answer.headers.get('www-authenticate') ?? '')?.[1];
      return { status: answer.status, claims: challenge && Buffer.from(challenge, 'base64').toString() };
    };
    ${text}`;
  writeFileSync(`${work.directory}/program.mjs`, program);
  const { code, out, err } = await work.run(process.execPath, ['program.mjs']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out);
}

/** Revokes the tokens issued until now. Token times are whole seconds. */
async function revoke(): Promise<void> {
  await stored.firstToken();
  const before = Math.floor(Date.now() / 1000) + 1;
  await new Promise((resolve) => setTimeout(resolve, before * 1000 - Date.now() + 10));
  stored.home.tenant.faults.revokedBefore = before;
}

const WITH_GET_TOKEN = `
  const first = await ask(await getToken());
  const second = await ask(await getToken({ claims: first.claims }));
  const third = await ask(await getToken());
  console.log(JSON.stringify([first.status, second.status, third.status]));`;

test('getToken({ claims }) meets the challenge, and later calls get the new token', async () => {
  expect(await run(WITH_GET_TOKEN.replace('{ claims: first.claims }', ''))).toEqual([200, 200, 200]);
  await revoke();
  expect(await run(WITH_GET_TOKEN)).toEqual([401, 200, 200]);
  expect(await run(WITH_GET_TOKEN)).toEqual([200, 200, 200]);
});

test('the Azure SDK meets it through TokentrayCredential', async () => {
  await revoke();
  const answered = await run(`
    import { bearerTokenAuthenticationPolicy, createDefaultHttpClient, createEmptyPipeline, createPipelineRequest }
      from '@azure/core-rest-pipeline';
    const pipeline = createEmptyPipeline();
    const scopes = 'User.Read';
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential: new TokentrayCredential(), scopes }));
    const client = createDefaultHttpClient();
    const answers = [];
    for (let n = 0; n < 2; n += 1)
      answers.push((await pipeline.sendRequest(client, createPipelineRequest({ url: '${me}' }))).status);
    console.log(JSON.stringify(answers));`);
  expect(answered).toEqual([200, 200]);
});

test('a challenge that only the user can meet fails for its program only, and is met by the next sign-in', async () => {
  await revoke();
  stored.home.tenant.faults.token = { kind: 'aadsts', code: 50076, error: 'interaction_required' };
  const answered = await run(`
    const { status, claims } = await ask(await getToken());
    const refused = await getToken({ claims }).catch((error) => error.code);
    const still = await getToken().then(() => 'a token');
    console.log(JSON.stringify([status, refused, still]));`);
  expect(answered).toEqual([401, 'interaction', 'a token']);
  const { session } = JSON.parse((await tokentray.run('status', '--json')).out) as {
    session: { kind: string };
  };
  expect(session.kind).toBe('signed-in');
  stored.home.tenant.faults.token = undefined;
  await stored.signIn({ ticketUrl: (await tokentray.run('sign-in')).out.trim() });
  expect(await run('console.log(JSON.stringify((await ask(await getToken())).status))')).toBe(200);
  const visit = stored.home.tenant.requests.findLast(
    ({ endpoint, method }) => endpoint === 'authorize' && method === 'GET',
  );
  expect(visit?.parameters['claims']).toContain('"nbf"');
});

test('switched off for a profile, no capability is declared and no challenge is sent', async () => {
  const { settingsFile } = stored.places;
  const settings = JSON.parse(readFileSync(settingsFile, 'utf8')) as { profiles: [object] };
  settings.profiles[0] = { ...settings.profiles[0], continuousAccess: false };
  writeFileSync(settingsFile, JSON.stringify(settings));
  expect((await tokentray.run('reload')).code).toBe(0);
  expect((await tokentray.run('refresh')).code).toBe(0);
  await revoke();
  expect(await run(WITH_GET_TOKEN.replace('{ claims: first.claims }', ''))).toEqual([200, 200, 200]);
  // Importing the file again keeps the switch.
  expect((await tokentray.run('import', stored.home.envFile)).code).toBe(0);
  expect(readFileSync(settingsFile, 'utf8')).toMatch(/"continuousAccess": ?false/u);
});
