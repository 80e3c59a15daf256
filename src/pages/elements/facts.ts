import { element, type Part } from './element.ts';

/** A fact: its name, and its value; what is not known is left out. */
export type Fact = readonly [name: string, value: Part | undefined];

/** Facts one below the other. */
export function factList(facts: readonly Fact[]): HTMLElement {
  const list = element('dl');
  for (const [name, value] of facts) {
    if (value === undefined || value === '') continue;
    list.append(element('dt', {}, name), element('dd', {}, value));
  }
  return list;
}
