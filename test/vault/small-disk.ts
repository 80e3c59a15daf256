import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A disk of its own that can really be full. */
export interface SmallDisk {
  readonly directory: string;
  /** Writes until nothing more fits; leaves so many bytes when asked to. */
  fill(leaveBytes?: number): void;
  /** Gives back what {@link fill} took. */
  free(): void;
  /** As after an error of the file system: nothing more is written; nothing may be open for writing. */
  makeReadOnly(): void;
  makeWritable(): void;
  unmount(): void;
}

/** Only root mounts; the tests that need this say so in their names. */
export const canMount =
  process.platform === 'linux' && process.getuid?.() === 0 && spawnSync('mount', ['--version']).status === 0;

function run(program: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}

/** Mounts an empty tmpfs of so many kilobytes, on a directory of its own if none is given. Whoever mounts it unmounts it. */
export function mountSmallDisk(
  kilobytes: number,
  directory = mkdtempSync(path.join(tmpdir(), 'disk-')),
): SmallDisk {
  run('mount', '-t', 'tmpfs', '-o', `size=${kilobytes}k,mode=700`, 'tmpfs', directory);
  const ballast = path.join(directory, 'ballast');
  return {
    directory,
    fill: (leaveBytes = 0) => {
      const { bavail, bsize } = statfsSync(directory);
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - leaveBytes)));
    },
    free: () => rmSync(ballast, { force: true }),
    makeReadOnly: () => run('mount', '-o', 'remount,ro', directory),
    makeWritable: () => run('mount', '-o', 'remount,rw', directory),
    unmount: () => {
      run('umount', '-l', directory);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
