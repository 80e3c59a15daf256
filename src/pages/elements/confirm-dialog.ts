import { element } from './element.ts';

/** What is asked, in the words of both answers; `detail` may name what others wrote. */
export interface Question {
  readonly heading: string;
  readonly detail: string;
  readonly yes: string;
  readonly no: string;
}

/**
 * Asks before something is lost. The page behind it waits (HTML, `dialog`); Escape and the button that has the
 * focus are `no`.
 */
export function ask({ heading, detail, yes, no }: Question): Promise<'yes' | 'no'> {
  const title = element('h2', { id: 'asked' }, heading);
  const box = element('dialog', { class: 'asked', 'aria-labelledby': title.id });
  let answer: 'yes' | 'no' = 'no';
  const button = (said: string, look: string, means: 'yes' | 'no'): HTMLButtonElement => {
    const made = element('button', { type: 'button', class: look }, said);
    made.addEventListener('click', () => {
      answer = means;
      box.close();
    });
    return made;
  };
  const stay = button(no, 'button', 'no');
  box.append(
    title,
    element('p', { dir: 'auto' }, detail),
    element('div', { class: 'actions end' }, stay, button(yes, 'button danger', 'yes')),
  );
  document.body.append(box);
  box.showModal();
  stay.focus();
  return new Promise((resolve) => {
    box.addEventListener('close', () => {
      box.remove();
      resolve(answer);
    });
  });
}
