import { randomInt } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { DemoTenant } from '../server/tenant.ts';

/** The directory of a demo run, removed at the end. */
export interface DemoHome {
  readonly envFile: string;
  /** For the processes of this run: they store their files here and trust this tenant's certificate. */
  readonly environment: NodeJS.ProcessEnv;
  remove(): Promise<void>;
}

/** The old application's settings, filled in for this tenant. */
function envText(tenant: DemoTenant, redirectUri: string): string {
  return [
    '# Made by npm run demo, for this run only.',
    `CLIENT_ID=${tenant.client.clientId}`,
    `CLIENT_SECRET=${tenant.client.clientSecret}`,
    `TENANT_ID=${tenant.tenantId}`,
    `AUTHORITY=${tenant.origin}/<TENANT_ID>`,
    `REDIRECT_URI=${redirectUri}`,
    'SCOPE=User.Read',
    '',
  ].join('\n');
}

export async function makeDemoHome(tenant: DemoTenant, redirectUri: string): Promise<DemoHome> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'tokentray-demo-'));
  const envFile = path.join(directory, '.env');
  const certificateFile = path.join(directory, 'demo-tenant.pem');
  await writeFile(envFile, envText(tenant, redirectUri), { mode: 0o600 });
  await writeFile(certificateFile, tenant.certificatePem);
  return {
    envFile,
    environment: {
      ...process.env,
      TOKENTRAY_HOME: path.join(directory, 'home'),
      NODE_EXTRA_CA_CERTS: certificateFile,
      // A proxy could not reach the tenant, which is on this machine.
      NO_PROXY: [process.env['NO_PROXY'] ?? process.env['no_proxy'], 'localhost,127.0.0.1']
        .filter(Boolean)
        .join(','),
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/**
 * `preferred` if that port is free, otherwise a free port below those that systems give to outgoing connections (from
 * 32768 on Linux, 49152 on Windows and macOS): one of those can be taken again before it is used.
 * @throws Error if a hundred ports are in use
 */
export async function freePort(preferred?: number): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = tries === 0 && preferred !== undefined ? preferred : randomInt(20_000, 30_000);
    if (await isFree(port)) return port;
  }
  throw new Error('no free port between 20000 and 30000');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => void server.close(() => resolve(true)));
  });
}
