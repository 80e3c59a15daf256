import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { places, thisMachine } from '../../src/config/places.ts';
import { startDemoTenant, type DemoTenant } from '../../src/demo-tenant/tenant.ts';

/** A demo tenant, an `.env` for it, and an environment in which everything of Tokentray goes to a directory of its own. */
export interface DemoHome {
  readonly tenant: DemoTenant;
  readonly port: number;
  readonly envFile: string;
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  /** What this home's entries in the keyring are filed under. */
  readonly vaultService: string;
}

/** A port that nobody listens on now. */
async function freePort(): Promise<number> {
  const server = createServer().listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export interface DemoHomeOptions {
  /** The tenant's clock; `Date.now` if not given. */
  readonly now?: () => number;
  /** TOKENTRAY_HOME, where it is to be on another disk. */
  readonly home?: string;
}

/** `base` is the environment with the keyring in it. */
export async function makeDemoHome(
  base: NodeJS.ProcessEnv,
  options: DemoHomeOptions = {},
): Promise<DemoHome> {
  const port = await freePort();
  const redirectUri = `http://localhost:${port}/getAToken`;
  const tenant = await startDemoTenant({
    client: { redirectUris: [redirectUri] },
    ...(options.now === undefined ? {} : { now: options.now }),
  });
  const directory = mkdtempSync(path.join(tmpdir(), 'h-'));
  const envFile = path.join(directory, 'old.env');
  writeFileSync(
    envFile,
    [
      `EMAIL_CLIENT_ID=${tenant.client.clientId}`,
      `EMAIL_CLIENT_SECRET=${tenant.client.clientSecret}`,
      `EMAIL_TENANT_ID=${tenant.tenantId}`,
      `EMAIL_AUTHORITY=${tenant.origin}/<TENANT_ID>`,
      `EMAIL_REDIRECT_URI=${redirectUri}`,
      'EMAIL_SCOPE=["User.Read"]',
      `EMAIL_PORT=${port}`,
      'EMAIL_HOST=0.0.0.0',
      '',
    ].join('\n'),
  );
  const certificate = path.join(directory, 'tenant.pem');
  writeFileSync(certificate, tenant.certificatePem);
  const env = {
    ...base,
    TOKENTRAY_HOME: options.home ?? path.join(directory, 'home'),
    NODE_EXTRA_CA_CERTS: certificate,
  };
  const { vaultService } = places({ ...thisMachine(), env });
  return { tenant, port, envFile, directory, env, vaultService };
}
