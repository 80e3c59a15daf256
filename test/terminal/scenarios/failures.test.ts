import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { places, thisMachine, type Places } from '../../../src/system/places.ts';
import { CookieJar } from '../../../src/demo-tenant/play/cookie-jar.ts';
import type { TokenFault } from '../../../src/demo-tenant/state/faults.ts';
import { signInAsUser } from '../../../src/demo-tenant/play/user.ts';
import { exitCodeOf as exitCodeOfProblem } from '../../../src/outlets/answer/answer.ts';
import { askOwner, type SocketAnswer } from '../../../src/outlets/socket/client.ts';
import {
  exitCodeOf,
  failureRows,
  healthOf,
  mend,
  type FailureRow,
} from '../../agent/fixtures/failure-rows.ts';
import { findLeaks } from '../../house/fixtures/leaks.ts';
import { Tokentray, type Serving } from '../fixtures/command.ts';
import { makeDemoHome, type DemoHome } from '../fixtures/demo-home.ts';
import { environmentWithoutKeyring } from '../fixtures/stored-home.ts';

// Every row of the failure table through one running `tokentray serve`, as a client of its socket sees it.

/** A running host, its tenant, and the browser that signs in. */
interface Served {
  readonly home: DemoHome;
  readonly here: Places;
  readonly serving: Serving;
  readonly browser: CookieJar;
  /** Whether the last row left a session that the next one can use. */
  isReady: boolean;
  close(): Promise<void>;
}

async function startServed(): Promise<Served> {
  const home = await makeDemoHome(environmentWithoutKeyring());
  const tokentray = new Tokentray(home.env);
  return {
    home,
    here: places({ ...thisMachine(), env: home.env }),
    serving: await tokentray.serve('--from-env', home.envFile, '--verbose'),
    browser: new CookieJar(),
    isReady: false,
    close: () => {
      tokentray.killAll();
      return home.tenant.close();
    },
  };
}

const isSlow = (row: FailureRow): boolean => row.isSlow === true;

let served: Served;
/** Rows that take half a minute each have their own hosts, and run while the others are tested. */
let slowOnes: readonly {
  readonly row: FailureRow;
  readonly served: Served;
  readonly end: Promise<unknown>;
}[] = [];

beforeAll(async () => {
  served = await startServed();
  slowOnes = await Promise.all(
    failureRows.filter(isSlow).map(async (row) => {
      const own = await startServed();
      // Its own test reports the error.
      return { row, served: own, end: replay(own, row).catch((error: unknown) => error) };
    }),
  );
});

afterAll(async () => {
  for (const one of [served, ...slowOnes.map(({ served: own }) => own)]) await one.close();
});

const ask = ({ here }: Served, method: 'GET' | 'POST', path: string): Promise<SocketAnswer> =>
  askOwner(here, method, path);

async function signIn(at: Served): Promise<void> {
  const { body } = await ask(at, 'POST', '/v1/sign-in');
  const { certificatePem: ca, users } = at.home.tenant;
  const { username = '', password = '' } = users[0] ?? {};
  const end = await signInAsUser(String(body['url']), { username, password, ca, cookies: at.browser });
  if (end.kind !== 'page' || !end.body.includes('Signed in as')) throw new Error(`stopped at ${end.url}`);
}

/** For a minute after these, MSAL answers the same request with the last refusal. */
function isThrottledByMsal(fault: TokenFault | undefined): boolean {
  const status = fault?.kind === 'http' || fault?.kind === 'aadsts' ? (fault.status ?? 400) : 0;
  return status === 429 || status >= 500;
}

/** What a claims parameter asks of the access token, without the client's own capabilities (`cp1`). */
function challengeIn(claims: string | undefined): unknown {
  const asked = JSON.parse(claims ?? '{}') as { access_token?: Readonly<Record<string, unknown>> };
  const rest = Object.entries(asked.access_token ?? {}).filter(([name]) => name !== 'xms_cc');
  return Object.fromEntries(rest);
}

async function replay(at: Served, row: FailureRow): Promise<void> {
  const { tenant } = at.home;
  if (!at.isReady) {
    await ask(at, 'POST', '/v1/sign-out');
    await signIn(at);
  }
  at.isReady = false;
  const before = (await ask(at, 'GET', '/v1/token')).body['accessToken'];
  row.apply(tenant);
  const isThrottled = isThrottledByMsal(tenant.faults.token);

  const { status, body } = await ask(at, 'POST', '/v1/refresh');
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
  expect((await ask(at, 'GET', '/v1/status')).body).toMatchObject({
    session,
    health: { kind: healthOf(row) },
  });

  // The rest of the token's life is still served, with the reason; nothing is discarded.
  expect((await ask(at, 'GET', '/v1/token')).body).toMatchObject({ accessToken: before });
  mend(tenant);
  if (kind === 'interaction') {
    await signIn(at);
    const { parameters } = tenant.requests.findLast(({ endpoint }) => endpoint === 'authorize') ?? {};
    expect(challengeIn(parameters?.['claims'])).toEqual(challengeIn(row.claims));
    at.isReady = true;
  } else if (!isThrottled) {
    expect(await ask(at, 'POST', '/v1/refresh')).toMatchObject({ status: 200 });
    expect((await ask(at, 'GET', '/v1/status')).body).toMatchObject({ health: { kind: 'ok' } });
    at.isReady = true;
  }
}

describe('a refresh that fails', () => {
  test.each(failureRows.map((row) => [row.name, row] as const))('%s', async (_name, row) => {
    if (!isSlow(row)) return replay(served, row);
    expect(await slowOnes.find((one) => one.row === row)?.end).toBeUndefined();
  });
});

test('none of them logged a secret', () => {
  expect(slowOnes).toHaveLength(1);
  for (const { home, here, serving } of [served, ...slowOnes.map(({ served: own }) => own)]) {
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
  }
});
