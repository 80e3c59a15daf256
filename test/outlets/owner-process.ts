/** Run as a process by the ownership tests: takes ownership of argv[2], says what it got, and stays if it is the owner. */
import path from 'node:path';
import { takeOwnership } from '../../src/outlets/ownership.ts';

const runtimeDirectory = process.argv[2] ?? '';
const places = { runtimeDirectory, socketPath: path.join(runtimeDirectory, 'agent.sock') };
const result = await takeOwnership({ places, kind: 'terminal' });
process.stdout.write(`${result.kind} ${result.kind === 'owner' ? process.pid : (result.owner?.pid ?? '')}\n`);
// An owner lives until it is killed.
if (result.kind === 'owner') setInterval(() => undefined, 60_000);
