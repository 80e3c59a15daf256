import { afterEach, describe, expect, test } from 'vitest';
import { answerOf, decisions } from '../../agent/fixtures/decision-table.ts';
import { TOKEN } from '../fixtures/fake-agent.ts';
import { closeAll, openSocket, send } from '../fixtures/socket-fixture.ts';

afterEach(closeAll);

const plain = { path: '/v1/token', headers: { Accept: 'text/plain' } };

describe('a client that accepts text/plain only', () => {
  test('gets the bare token, which must not be stored', async () => {
    const { places } = await openSocket();
    const { status, headers, text } = await send(places, plain);
    expect({ status, text }).toEqual({ status: 200, text: `${TOKEN}\n` });
    expect(headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
    });
  });

  test.each(decisions.filter(({ problem }) => problem !== undefined))(
    'gets JSON with a warning or a refusal: $left left, $refresh, $asked',
    async (row) => {
      const { places, agent } = await openSocket();
      agent.answer = answerOf(row, Date.now());
      const { status, headers, text } = await send(places, plain);
      expect(status).toBe(row.httpStatus);
      expect(headers['content-type']).toContain('application/json');
      expect(JSON.parse(text)).toHaveProperty(row.gets === 'refusal' ? 'error' : 'warning');
    },
  );

  test('gets JSON if there is no token', async () => {
    const { places } = await openSocket();
    const { headers } = await send(places, { ...plain, path: '/v1/status' });
    expect(headers['content-type']).toContain('application/json');
  });
});

test.each(['application/json', '*/*', 'text/plain;q=0.1, application/json'])(
  'a client that accepts %s gets JSON',
  async (accept) => {
    const { places } = await openSocket();
    const { headers } = await send(places, { path: '/v1/token', headers: { Accept: accept } });
    expect(headers['content-type']).toContain('application/json');
  },
);
