import { beforeEach, describe, expect, test } from 'vitest';
import type { Messages } from '../../../../src/pages/bridge/contract.ts';
import { PageNews } from '../../../../src/tray/calls/ipc/page-news.ts';
import { memoryLog } from '../../../agent/fixtures/fixture.ts';

type Said = Messages['draft.tested'];

let told: unknown[];
let logged: unknown[];
let isClosed: boolean;

const open = (read: () => Said | Promise<Said>): PageNews<'draft.tested'> =>
  new PageNews({
    windows: {
      get areClosed() {
        return isClosed;
      },
      tellAll: (name, said) => void told.push([name, said]),
    },
    message: 'draft.tested',
    read,
    log: memoryLog(logged),
  });
const said = (run: number): Said => ({
  run,
  line: { name: 'clock', kind: 'ok', said: 'The clock is right.' },
});
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

beforeEach(() => {
  told = [];
  logged = [];
  isClosed = false;
});

describe('news', () => {
  test('are sent once for all changes in one turn, and only if something has changed', async () => {
    let run = 1;
    const news = open(() => said(run));
    for (let index = 0; index < 100; index += 1) news.announce();
    expect(told).toEqual([]);
    await settled();
    expect(told).toEqual([['draft.tested', said(1)]]);
    news.announce();
    await settled();
    expect(told).toHaveLength(1);
    run = 2;
    news.announce();
    await settled();
    expect(told).toHaveLength(2);
  });

  test('are not even read while no window is open, or if the last one closes before', async () => {
    let read = 0;
    const news = open(() => {
      read += 1;
      return said(1);
    });
    news.announce();
    isClosed = true;
    await settled();
    expect([told, read]).toEqual([[], 0]);
  });

  test('are sent again after pages were closed: they may have read something else', async () => {
    const news = open(() => said(1));
    for (const closed of [false, true, false]) {
      isClosed = closed;
      news.announce();
      await settled();
    }
    expect(told).toHaveLength(2);
  });

  test('arrive in order, and continue after a failure', async () => {
    const waits: ((result: Said | Error) => void)[] = [];
    const news = open(
      () =>
        new Promise((resolve, reject) => {
          waits.push((result) => (result instanceof Error ? reject(result) : resolve(result)));
        }),
    );
    news.announce();
    await settled();
    news.announce();
    await settled();
    // The second read starts after the first has ended.
    expect(waits).toHaveLength(1);
    waits[0]?.(new Error('no'));
    await settled();
    waits[1]?.(said(2));
    await settled();
    expect(told).toEqual([['draft.tested', said(2)]]);
    expect(logged).toHaveLength(1);
  });
});
