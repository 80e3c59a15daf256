import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { places, thisMachine, type Places } from '../../src/config/places.ts';
import { CookieJar } from '../../src/demo-tenant/cookie-jar.ts';
import type { TokenFault } from '../../src/demo-tenant/faults.ts';
import { signInAsUser } from '../../src/demo-tenant/user.ts';
import { exitCodeOf as exitCodeOfProblem } from '../../src/outlets/answer.ts';
import { askOwner, type SocketAnswer } from '../../src/outlets/socket-client.ts';
import { exitCodeOf, failureRows, mend, type FailureRow } from '../agent/failure-rows.ts';
import { findLeaks } from '../leaks.ts';
import { Tokentray, type Serving } from './command.ts';
import { makeDemoHome, type DemoHome } from './demo-home.ts';
import { environmentWithoutKeyring } from './stored-home.ts';

// Every row of the failure table through one running `tokentray serve`, as whoever asks the socket sees it.

let home: DemoHome;
let here: Places;
let tokentray: Tokentray;
let serving: Serving;
const browser = new CookieJar();
/** Whether the last row left a session that the next one can fail on. */
let isReady = false;

beforeAll(async () => {
  home = await makeDemoHome(environmentWithoutKeyring());
  here = places({ ...thisMachine(), env: home.env });
  tokentray = new Tokentray(home.env);
  serving = await tokentray.serve('--from-env', home.envFile, '--verbose');
});

afterAll(async () => {
  tokentray.killAll();
  await home.tenant.close();
});

const ask = (method: 'GET' | 'POST', path: string): Promise<SocketAnswer> => askOwner(here, method, path);

async function signIn(): Promise<void> {
  const { body } = await ask('POST', '/v1/sign-in');
  const { username = '', password = '' } = home.tenant.users[0] ?? {};
  const script = { username, password, ca: home.tenant.certificatePem, cookies: browser };
  const end = await signInAsUser(String(body['url']), script);
  if (end.kind !== 'page' || !end.body.includes('Signed in as')) throw new Error(`stopped at ${end.url}`);
}

/** MSAL answers the same request with the last refusal for a minute after these (facts, 0). */
function isThrottledByMsal(fault: TokenFault | undefined): boolean {
  const status = fault?.kind === 'http' || fault?.kind === 'aadsts' ? (fault.status ?? 400) : 0;
  return status === 429 || status >= 500;
}

/** What a claims parameter wants of the access token; MSAL asks for claims of the ID token besides. */
function challengeIn(claims: string | undefined): unknown {
  return claims === undefined ? undefined : (JSON.parse(claims) as { access_token?: unknown }).access_token;
}

const health = { transient: 'offline', admin: 'configuration', interaction: 'ok' } as const;

async function replay(row: FailureRow): Promise<void> {
  const { tenant } = home;
  if (!isReady) {
    await ask('POST', '/v1/sign-out');
    await signIn();
  }
  isReady = false;
  const before = (await ask('GET', '/v1/token')).body['accessToken'];
  row.apply(tenant);
  const isThrottled = isThrottledByMsal(tenant.faults.token);

  const { status, body } = await ask('POST', '/v1/refresh');
  const { kind, code } = row;
  const reason: unknown = expect.objectContaining({ kind, code });
  const retryAfter =
    row.retryAfterMs === undefined
      ? {}
      : { retryAfterSeconds: expect.closeTo(row.retryAfterMs / 1000, -1) as unknown };
  expect({ status, error: body['error'] }).toMatchObject({
    status: kind === 'transient' ? 503 : 400,
    error: { kind, code, ...retryAfter },
  });
  expect(exitCodeOfProblem(row)).toBe(exitCodeOf(row));

  const session: unknown =
    kind === 'interaction' ? { kind: 'sign-in-needed', reason } : { kind: 'signed-in' };
  expect((await ask('GET', '/v1/status')).body).toMatchObject({ session, health: { kind: health[kind] } });

  // What is left goes to whoever asks, with the reason; nothing of it is thrown away.
  expect((await ask('GET', '/v1/token')).body).toMatchObject({ accessToken: before });
  mend(tenant);
  if (kind === 'interaction') {
    await signIn();
    const { parameters } = tenant.requests.findLast(({ endpoint }) => endpoint === 'authorize') ?? {};
    expect(challengeIn(parameters?.['claims'])).toEqual(challengeIn(row.claims));
    isReady = true;
  } else if (!isThrottled) {
    expect(await ask('POST', '/v1/refresh')).toMatchObject({ status: 200 });
    expect((await ask('GET', '/v1/status')).body).toMatchObject({ health: { kind: 'ok' } });
    isReady = true;
  }
}

describe('a refresh that fails', () => {
  test.each(failureRows.map((row) => [row.name, row] as const))('%s', (_name, row) => replay(row));
});

test('none of it has put a secret into the log', () => {
  expect(serving.said()).toContain('refresh failed');
  const found = findLeaks({
    directories: [here.logDirectory],
    texts: { said: serving.said() },
    secrets: {
      'client secret': [home.tenant.client.clientSecret],
      'token, code or cookie': home.tenant.issuedSecrets(),
    },
  });
  expect(found).toEqual([]);
});
