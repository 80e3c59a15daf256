// Every recipe of programs.md, run as it is written there; only its addresses are this machine's.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  findProgram,
  makeWorkplace,
  recipe,
  startResource,
  type Resource,
  type Workplace,
} from '../fixtures/recipes.ts';
import { makeStoredHome, type StoredHome } from '../fixtures/stored-home.ts';
import type { Serving } from '../fixtures/command.ts';

const GRAPH = 'https://graph.microsoft.com/v1.0';

/** Which of the programs that stand behind a recipe are there is said in its test's name. */
const kubectl = await findProgram(['kubectl'], 'command -v');
const sshd = await findProgram(['sshd', '/usr/sbin/sshd'], 'command -v');
const python = await findProgram(
  ['python3', '/usr/bin/python3'],
  'run() { "$1" -c "import requests"; }; run',
);

let stored: StoredHome;
let serving: Serving;
let resource: Resource;
let work: Workplace;

beforeAll(async () => {
  stored = await makeStoredHome('plain-file');
  serving = await stored.tokentray().serve();
  await stored.signIn(serving);
  await stored.firstToken();
  resource = await startResource();
  work = makeWorkplace({ ...stored.home.env, ...resource.env });
});

afterAll(async () => {
  await resource.close();
  await serving.end();
  await stored.close();
});

beforeEach(() => void resource.sent());

const local = (code: string): string => code.replaceAll(GRAPH, resource.origin);

/** What the resource should have been sent: a token of these scopes, which the owner has in memory by then. */
async function bearer(...scopes: readonly string[]): Promise<string> {
  const { out } = await work.run('tokentray', ['token', ...scopes.flatMap((scope) => ['--scope', scope])]);
  expect(out.length).toBeGreaterThan(100);
  return `Bearer ${out.trim()}`;
}

test('curl', async () => {
  const text = local(recipe('curl'));
  expect(await work.run('/bin/sh', [], { name: 'curl.sh', text })).toMatchObject({
    code: 0,
    out: '{"displayName":"Ada"}',
  });
  expect(resource.sent()).toEqual([await bearer()]);
});

describe('bash', () => {
  test('with a token', async () => {
    const { code, out, err } = await work.run('bash', [], { name: 'token.bash', text: recipe('bash') });
    const token = (await bearer()).slice('Bearer '.length);
    expect({ code, out, err }).toEqual({ code: 0, out: `a token of ${token.length} characters\n`, err: '' });
  });

  test.each([
    [10, 'Sign in first.'],
    [11, 'Try again in a minute.'],
    [13, 'Start Tokentray first.'],
    [12, 'It does not help to wait.'],
  ])('with the exit code %s', async (exitCode, said) => {
    const nowhere = path.join(work.directory, 'nowhere');
    const elsewhere = makeWorkplace(exitCode === 13 ? { ...work.env, TOKENTRAY_HOME: nowhere } : work.env);
    if (exitCode !== 13) elsewhere.addProgram('tokentray', `exit ${exitCode}`);
    const { code, out, err } = await elsewhere.run('bash', [], { name: 'token.bash', text: recipe('bash') });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err.trim().split('\n').at(-1)).toBe(said);
  });
});

/** azure-core's own bearer-token policy where it can be imported, otherwise what its protocol asks for. */
const PYTHON_CONSUMER = `
import time
from types import SimpleNamespace

credential = TokentrayCredential()
try:
    from azure.core.pipeline import Pipeline
    from azure.core.pipeline.policies import BearerTokenCredentialPolicy
    from azure.core.pipeline.transport import HttpRequest, HttpTransport
except ImportError:
    given = credential.get_token("User.Read", claims=None, tenant_id=None, enable_cae=True)
    assert isinstance(given.token, str) and type(given.expires_on) is int, given._fields
    assert given.expires_on > time.time() + 300
    print("protocol", given.token)
else:
    class Transport(HttpTransport):
        def open(self): pass
        def close(self): pass
        def __enter__(self): return self
        def __exit__(self, *_): pass
        def send(self, request, **_):
            print("azure-core", request.headers["Authorization"].replace("Bearer ", ""))
            return SimpleNamespace(status_code=200)
    policy = BearerTokenCredentialPolicy(credential, "User.Read")
    Pipeline(Transport(), [policy]).run(HttpRequest("GET", "https://graph.microsoft.com/v1.0/me"))
`;
import { freePort } from '../../../src/demo-tenant/play/demo-home.ts';

test('Python (requests; azure-core where it is installed)', async () => {
  const text = local(recipe('Python')) + PYTHON_CONSUMER;
  const { code, out, err } = await work.run(python ?? 'python3-with-requests', [], {
    name: 'recipe.py',
    text,
  });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const expected = await bearer('User.Read');
  expect(resource.sent()).toEqual([expected]);
  expect(out).toMatch(/^200\n(?:protocol|azure-core) /u);
  expect(out.trim().split(' ').at(-1)).toBe(expected.slice('Bearer '.length));
});

test('Node', async () => {
  const text = local(recipe('Node'));
  expect(await work.run(process.execPath, [], { name: 'node.mjs', text })).toEqual({
    code: 0,
    out: '200\n',
    err: '',
  });
  expect(resource.sent()).toEqual([await bearer('User.Read')]);
});

test('Azure SDKs for JavaScript', async () => {
  const text = local(recipe('Azure SDKs for JavaScript'));
  expect(await work.run(process.execPath, [], { name: 'azure.mjs', text })).toEqual({
    code: 0,
    out: '200\n',
    err: '',
  });
  expect(resource.sent()).toEqual([await bearer('https://graph.microsoft.com/.default')]);
});

describe('kubectl', () => {
  const scope = '6dae42f8-4368-4678-94ff-3960e28e3630/.default';

  test(`asks with the token (${kubectl === undefined ? 'kubectl is missing: its command is run as it would' : 'the real kubectl'})`, async () => {
    const users = recipe('kubectl');
    expect(users).toContain(`args: [token, --exec-credential, --scope, ${scope}]`);
    if (kubectl === undefined) {
      const info = {
        apiVersion: 'client.authentication.k8s.io/v1',
        kind: 'ExecCredential',
        spec: { interactive: false },
      };
      const asKubectl = makeWorkplace({ ...work.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) });
      const { out } = await asKubectl.run('tokentray', ['token', '--exec-credential', '--scope', scope]);
      const { status } = JSON.parse(out) as { status: { token: string } };
      expect(`Bearer ${status.token}`).toBe(await bearer(scope));
      return;
    }
    const ca = readFileSync(resource.certificate).toString('base64');
    const text = `apiVersion: v1
kind: Config
current-context: here
clusters:
  - name: here
    cluster: { server: '${resource.origin}', certificate-authority-data: ${ca} }
contexts:
  - name: here
    context: { cluster: here, user: tokentray }
${users}`;
    const args = ['get', '--raw', '/version', '--kubeconfig'];
    const { code, err } = await work.run(kubectl, args, { name: 'kubeconfig', text });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(resource.sent().at(-1)).toBe(await bearer(scope));
  });
});

test('a container (docker is a stand-in that asks as an SDK in it would)', async () => {
  const asks =
    'printf "X-IDENTITY-HEADER: %s" "$IDENTITY_HEADER" | curl -sS -H @- "$IDENTITY_ENDPOINT?api-version=2019-08-01&resource=https://graph.microsoft.com"';
  work.addProgram('docker', `printf '%s\\n' "$*" >docker.args\n${asks}`);
  const text = recipe('A container');
  const { code, out, err } = await work.run('/bin/sh', [], { name: 'container.sh', text });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const { access_token } = JSON.parse(out) as { access_token: string };
  expect(`Bearer ${access_token}`).toBe(await bearer('https://graph.microsoft.com/.default'));
  const words = readFileSync(path.join(work.directory, 'docker.args'), 'utf8');
  expect(words).toBe(
    'run --rm --network host -e IDENTITY_ENDPOINT -e IDENTITY_HEADER -e NO_PROXY my-image\n',
  );
});

test(`over SSH (${sshd === undefined ? 'sshd is missing: a stand-in forwards' : 'the real sshd'})`, async () => {
  const end = sshd === undefined ? standInSsh(work) : await startSshd(work, sshd);
  try {
    const text = recipe("Another machine's Tokentray, over SSH").replace(
      '/run/user/1000/tokentray/agent.sock',
      stored.places.socketPath,
    );
    // It is the forwarded socket that answers.
    expect((await work.run('/bin/sh', ['-c', 'TOKENTRAY_HOME=~/far tokentray token'])).code).toBe(13);
    const { code, out, err } = await work.run('/bin/sh', [], { name: 'ssh.sh', text });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(`Bearer ${out.trim()}`).toBe(await bearer());
  } finally {
    await end();
  }
});

/** The user's own sshd on a port of its own, with keys of its own, and an ssh that knows it as `server`. */
async function startSshd(machine: Workplace, program: string): Promise<() => Promise<void>> {
  const here = path.join(machine.directory, 'sshd');
  mkdirSync(here, { mode: 0o700 });
  const keygen = async (name: string): Promise<void> => {
    const { code, err } = await machine.run('ssh-keygen', [
      '-q',
      '-t',
      'ed25519',
      '-N',
      '',
      '-f',
      `${here}/${name}`,
    ]);
    if (code !== 0) throw new Error(err);
  };
  await keygen('host');
  await keygen('user');
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const port = await freePort();
  writeFileSync(
    `${here}/sshd_config`,
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${here}/host`,
      `AuthorizedKeysFile ${here}/user.pub`,
      'PidFile none',
      'UsePAM no',
      'StrictModes no',
      'PermitRootLogin yes',
      '',
    ].join('\n'),
  );
  const child = spawn(await fullPath(program), ['-D', '-e', '-f', `${here}/sshd_config`], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: work.env,
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  for (let tries = 0; !said.includes('listening'); tries += 1) {
    if (tries > 500 || child.exitCode !== null) throw new Error(`sshd does not listen: ${said}`);
    await sleep(20);
  }
  const known = '-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR';
  const control = `-o ControlPath='${here}/control'`;
  const ssh = await fullPath('ssh');
  machine.addProgram(
    'ssh',
    `exec '${ssh}' -F none -p ${port} -i '${here}/user' ${known} -o HostName=127.0.0.1 -o ControlMaster=yes ${control} "$@" >/dev/null 2>&1`,
  );
  return async () => {
    // The ssh in the background, and with it the server's side of the connection.
    await machine.run('/bin/sh', ['-c', `'${ssh}' -F none ${control} -O exit server`]);
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  };
}

/** Forwards as `ssh -fN … -L HERE:THERE server` does. */
function standInSsh(machine: Workplace): () => Promise<void> {
  const forward = `
    const [here, there] = process.argv[process.argv.indexOf('-L') + 1].split(':');
    const net = require('node:net');
    process.umask(0o177);
    const server = net.createServer((socket) => {
      const far = net.connect(there);
      socket.pipe(far).pipe(socket);
      for (const end of [socket, far]) end.on('error', () => { socket.destroy(); far.destroy(); });
    });
    server.listen(here);
  `;
  const file = path.join(machine.directory, 'forward.cjs');
  writeFileSync(file, forward);
  machine.addProgram(
    'ssh',
    `'${process.execPath}' '${file}' "$@" >/dev/null 2>&1 &
echo $! >'${file}.pid'
while [ ! -S "$HOME/far/run/agent.sock" ]; do sleep 0.05; done`,
  );
  return () => {
    process.kill(Number(readFileSync(`${file}.pid`, 'utf8')));
    return Promise.resolve();
  };
}

async function fullPath(program: string): Promise<string> {
  const { out } = await work.run('/bin/sh', ['-c', `command -v ${program}`]);
  return out.trim();
}
