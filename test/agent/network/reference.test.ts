import { expect, test } from 'vitest';
import { readReference } from '../../../src/agent/network/reference.ts';

const [traceId, correlationId] = [
  '0a1b2c3d-0000-4111-8222-333344445555',
  '9f8e7d6c-1111-4222-8333-444455556666',
];
const timestamp = '2026-11-22 08:00:00Z';
const description = `AADSTS53003: Blocked. Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`;

test.each([
  ['as Entra writes it', description, { traceId, correlationId, timestamp }],
  [
    'on several lines',
    description.replaceAll(/ (?=Trace|Corr|Time)/gu, '\r\n'),
    { traceId, correlationId, timestamp },
  ],
  ['without one of them', description.replace('Trace ID', 'Trace'), undefined],
  ['with something else in their place', description.replace(traceId, '<img src=x>'), undefined],
  ['empty', '', undefined],
])('the identifiers of a description %s', (_name, text, expected) => {
  expect(readReference(text)).toEqual(expected);
});
