/** The packaged application, made by electron-builder from a folder in the place of Electron's own. */
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createPackage, listPackage, statFile } from '@electron/asar';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** electron-builder takes 10 s here; a hang is what this catches. */
const LIMIT_MS = 120_000;

/** Where @electron/fuses looks in a binary: then version 1, and as many fuses as follow. */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** As Electron 45 ships: runAsNode, NODE_OPTIONS and inspect on, the archive not required, file: privileged. */
const FUSES_AS_SHIPPED = '101100011';

/** A folder in the place of Electron's own, with what electron-builder touches in it. */
export async function standInDist(scratch: string): Promise<string> {
  const dist = path.join(scratch, 'electron');
  const empty = path.join(scratch, 'empty');
  for (const directory of [path.join(dist, 'resources'), path.join(dist, 'locales'), empty])
    mkdirSync(directory, { recursive: true });
  writeFileSync(path.join(empty, 'main.js'), '');
  await createPackage(empty, path.join(dist, 'resources/default_app.asar'));
  const binary = Buffer.from(`#!/bin/sh\nexit 0\n${FUSE_SENTINEL}\u0001\u0009${FUSES_AS_SHIPPED}`, 'latin1');
  for (const name of ['electron', 'electron.exe', 'chrome-sandbox']) {
    writeFileSync(path.join(dist, name), binary);
    chmodSync(path.join(dist, name), 0o755);
  }
  for (const name of ['version', 'LICENSE', 'locales/en-US.pak']) writeFileSync(path.join(dist, name), '45');
  return dist;
}

/**
 * Packages what was built last. Rejects with electron-builder's output when it fails.
 * @param targets its arguments: the system first, as `--linux`
 * @returns the unpacked application's folder
 */
export async function packageFor(
  targets: readonly string[],
  electronDist: string,
  output: string,
): Promise<string> {
  const cli = path.join(root, 'node_modules/electron-builder/cli.js');
  const set = [`-c.electronDist=${electronDist}`, `-c.directories.output=${output}`];
  const env = { ...process.env, NODE_OPTIONS: '', NODE_ENV: '', VITEST: '' };
  const args = [cli, ...targets, '--publish', 'never', ...set];
  await promisify(execFile)(process.execPath, args, { cwd: root, env, timeout: LIMIT_MS });
  return path.join(output, targets[0] === '--win' ? 'win-unpacked' : 'linux-unpacked');
}

/** The files of an archive, without folders, without the leading slash. */
export function filesOf(archive: string): string[] {
  const entries = listPackage(archive, { isPack: false }).map((entry) => entry.replace(/^[/\\]/u, ''));
  return entries.filter((entry) => !entries.some((other) => other.startsWith(`${entry}/`))).sort();
}

/** Bytes of what an archive holds besides native binaries. */
export function packageWeight(archive: string): number {
  const files = filesOf(archive).filter((file) => !file.endsWith('.node'));
  return files.reduce((sum, file) => {
    const entry = statFile(archive, file);
    return sum + ('size' in entry ? entry.size : 0);
  }, 0);
}
