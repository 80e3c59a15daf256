// The README's recipes, and a machine of its own to run them on: a Graph, and `tokentray` on the PATH.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRunCertificate } from '../../src/demo-tenant/certificate.ts';
import type { Ended } from './command.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The first piece of code below a heading of the README, as a reader would copy it. */
export function recipe(heading: string): string {
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  const below = readme.split(`\n#### ${heading}\n`)[1]?.split(/\n#{1,4} /u)[0];
  const code = /\n```\w+\n(.*?)\n```\n/su.exec(below ?? '')?.[1];
  if (code === undefined) throw new Error(`the README has no recipe “${heading}”`);
  return `${code}\n`;
}

/** A server that wants a bearer token, in the place of Graph and of a cluster. */
export interface Resource {
  readonly origin: string;
  /** A file; also for programs that are told of it by the environment. */
  readonly certificate: string;
  readonly env: Readonly<Record<string, string>>;
  /** The Authorization headers it was sent, taken out. */
  sent(): readonly (string | undefined)[];
  close(): Promise<void>;
}

export async function startResource(): Promise<Resource> {
  const { certificatePem, privateKeyPem } = createRunCertificate(['localhost', '127.0.0.1']);
  const headers: (string | undefined)[] = [];
  const server = createServer({ cert: certificatePem, key: privateKeyPem }, (request, response) => {
    headers.push(request.headers.authorization);
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"displayName":"Ada"}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const certificate = path.join(mkdtempSync(path.join(tmpdir(), 'c-')), 'resource.pem');
  writeFileSync(certificate, certificatePem);
  return {
    origin: `https://localhost:${port}`,
    certificate,
    env: {
      CURL_CA_BUNDLE: certificate,
      REQUESTS_CA_BUNDLE: certificate,
      NODE_EXTRA_CA_CERTS: certificate,
    },
    sent: () => headers.splice(0),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** A directory to work in, with its own home, `bin` on the PATH, and the packages a program imports. */
export interface Workplace {
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  /** Puts a shell script on the PATH. */
  addProgram(name: string, script: string): void;
  /** Runs a program; what is given as `text` is written to a file first, whose name is the last argument. */
  run(
    program: string,
    args: readonly string[],
    text?: { readonly name: string; readonly text: string },
  ): Promise<Ended>;
}

export function makeWorkplace(base: NodeJS.ProcessEnv): Workplace {
  const directory = mkdtempSync(path.join(tmpdir(), 'w-'));
  const bin = path.join(directory, 'bin');
  const packages = path.join(directory, 'node_modules');
  mkdirSync(bin);
  mkdirSync(packages);
  // What `npm link` and `npm install /path/to/tokentray` make.
  symlinkSync(root, path.join(packages, 'tokentray'));
  symlinkSync(path.join(root, 'node_modules/@azure'), path.join(packages, '@azure'));
  const env = { ...base, HOME: directory, PATH: `${bin}:${base['PATH'] ?? ''}` };
  const workplace: Workplace = {
    directory,
    env,
    addProgram: (name, script) => {
      writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`);
      chmodSync(path.join(bin, name), 0o755);
    },
    run: (program, args, text) => {
      if (text !== undefined) writeFileSync(path.join(directory, text.name), text.text);
      const all = text === undefined ? args : [...args, text.name];
      return new Promise((resolve) => {
        execFile(program, all, { cwd: directory, env }, (error, out, err) => {
          const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
          resolve({ code, out, err: err === '' && code === null ? (error?.message ?? '') : err });
        });
      });
    },
  };
  workplace.addProgram('tokentray', `exec '${process.execPath}' '${root}/dist/terminal/tokentray.js' "$@"`);
  return workplace;
}

/** The first of these programs for which `check`, a shell's command, succeeds. */
export async function findProgram(names: readonly string[], check: string): Promise<string | undefined> {
  for (const name of names) {
    const isIt = await new Promise<boolean>((resolve) => {
      execFile('/bin/sh', ['-c', `${check} ${name}`], (error) => resolve(error === null));
    });
    if (isIt) return name;
  }
  return undefined;
}
