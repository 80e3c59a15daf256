import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { places, thisMachine, type Places } from '../../src/config/places.ts';
import { takeOwnership } from '../../src/outlets/ownership.ts';
import { openSocketApi } from '../../src/outlets/socket-api.ts';
import type { SocketHost } from '../../src/outlets/socket-host.ts';
import { fakeAgent, fakeProfiles, type FakeAgent, type FakeProfiles } from '../outlets/fake-agent.ts';
import { fakeHost, quiet } from '../outlets/socket-fixture.ts';
import { Tokentray } from './command.ts';
import { environmentWithoutKeyring } from './stored-home.ts';

/** A home in which nothing is configured and nothing runs, and the command in it. */
export interface EmptyHome {
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly places: Places;
  readonly tokentray: Tokentray;
}

/** `base` is the environment; without the user's own keyring unless it is in there. */
export function makeEmptyHome(base?: NodeJS.ProcessEnv): EmptyHome {
  const directory = mkdtempSync(path.join(tmpdir(), 'e-'));
  const env = { ...(base ?? environmentWithoutKeyring()), TOKENTRAY_HOME: path.join(directory, 'home') };
  return { directory, env, places: places({ ...thisMachine(), env }), tokentray: new Tokentray(env) };
}

/** An owner in this process, whose agent answers what a test tells it. */
export interface FakeOwner {
  readonly agent: FakeAgent;
  readonly profiles: FakeProfiles;
  close(): Promise<void>;
}

/** Owns a home as the tray would. */
export async function ownHome(here: Places, more: Partial<SocketHost> = {}): Promise<FakeOwner> {
  const agent = fakeAgent();
  const profiles = fakeProfiles(agent);
  const ownership = await takeOwnership({ places: here, kind: 'tray' });
  if (ownership.kind !== 'owner') throw new Error('the home was new');
  const api = await openSocketApi({ places: here, ownership, host: fakeHost(profiles, more), log: quiet });
  return {
    agent,
    profiles,
    close: async () => {
      await api.close();
      await ownership.release();
    },
  };
}
