import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { format, inspect } from 'node:util';
import { serialize } from 'node:v8';
import { expect, test } from 'vitest';
import { Secret } from '../../src/system/secret.ts';

const value = 'the-value-that-must-not-show';
const secret = new Secret(value);

function printedBy(print: (console: Console) => void): string {
  let printed = '';
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      printed += chunk.toString();
      done();
    },
  });
  print(new Console({ stdout: sink, stderr: sink }));
  return printed;
}

const thrown = new Error('failed', { cause: secret });
const carrying = Object.assign(new Error('failed'), { secret, nested: { list: [secret] } });
const everything = { depth: null, showHidden: true, getters: true, showProxy: true } as const;

test.each([
  // eslint-disable-next-line @typescript-eslint/restrict-template-expressions -- the accident that is tested
  ['a template', () => `${secret}`],
  ['a raw template', () => String.raw`${secret}\n`],
  ['String()', () => String(secret)],
  // eslint-disable-next-line @typescript-eslint/restrict-plus-operands -- the accident that is tested
  ['being added to text', () => 'a ' + secret],
  ['being joined', () => [secret, 'b'].join()],
  ['a URL query', () => decodeURIComponent(String(new URLSearchParams({ a: String(secret) })))],
  ['JSON, inside an object', () => JSON.stringify({ secret })],
  ['JSON, alone', () => JSON.stringify(secret)],
  ['inspection of an object with it', () => inspect({ deep: { secret } })],
  ['inspection deeper than inspection goes', () => inspect({ a: { b: { c: { secret } } } }, { depth: 3 })],
  ['inspection with everything switched on', () => inspect(secret, everything)],
  ['inspection inside Map, Set and array', () => inspect([new Map([[secret, secret]]), new Set([secret])])],
  ['format %s, %o, %O and %j', () => format('%s %o %O %j', secret, secret, secret, secret)],
  ['console.log', () => printedBy((out) => out.log(secret, { secret }))],
  ['console.table', () => printedBy((out) => out.table([{ secret }]))],
  ['an error message', () => new Error(String(secret)).message],
  ['the cause of an error', () => inspect(thrown, everything)],
  ['the fields of an error', () => inspect(carrying, everything)],
  ['the errors of an error', () => inspect(new AggregateError([secret, thrown]), everything)],
  ['a Date or number conversion', () => `${String(Symbol(String(secret)))} ${Number(secret)} [secret]`],
])('a secret turned into text by %s prints [secret]', (_how, print) => {
  const text = print();
  expect(text).toContain('[secret]');
  expect(text).not.toContain(value);
});

test('the value of a secret cannot be copied, listed or cloned', () => {
  expect(Reflect.ownKeys(secret)).toEqual([]);
  expect(Object.entries(secret)).toEqual([]);
  expect(JSON.stringify(Object.assign({}, secret))).toBe('{}');
  // eslint-disable-next-line @typescript-eslint/no-misused-spread -- the accident that is tested
  const spread = { ...secret };
  expect(inspect(spread, everything)).toBe('{}');
  expect(inspect(structuredClone(secret), everything)).not.toContain(value);
  expect(serialize(secret).toString('latin1')).not.toContain(value);
  expect(() => structuredClone(carrying)).not.toThrow();
  expect(inspect(structuredClone(carrying), everything)).not.toContain(value);
});

test('console.dir and a proxy, which ignore custom inspection, show nothing', () => {
  expect(printedBy((out) => out.dir({ secret }, everything))).toBe('{ secret: Secret {} }\n');
  expect(inspect(new Proxy(secret, {}), everything)).not.toContain(value);
});

test('reveal gives the value', () => {
  expect(secret.reveal()).toBe(value);
});
