import { element, type Part } from './element.ts';

/** A name and its value; facts without a value are left out. */
export type Fact = readonly [name: string, value: Part | undefined];

/** Facts, one below the other. */
export function factList(facts: readonly Fact[]): HTMLElement {
  const known = facts.filter(([, value]) => value !== undefined && value !== '');
  return element(
    'dl',
    {},
    ...known.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]),
  );
}
