import { button, element } from './element.ts';

/** A question with the labels of both answers; `detail` may contain names that are not ours. */
export interface Question {
  readonly heading: string;
  readonly detail: string;
  readonly yes: string;
  readonly no: string;
}

/** Asks before something is lost, in a modal dialog. Escape means `no`, and so does the button that has the focus. */
export function ask({ heading, detail, yes, no }: Question): Promise<'yes' | 'no'> {
  let answer: 'yes' | 'no' = 'no';
  const title = element('h2', { id: 'asked' }, heading);
  const stay = button(no, () => box.close());
  const confirm = (): void => {
    answer = 'yes';
    box.close();
  };
  const box = element(
    'dialog',
    { class: 'asked', 'aria-labelledby': title.id },
    title,
    element('p', { dir: 'auto' }, detail),
    element('div', { class: 'actions end' }, stay, button(yes, confirm, { class: 'button danger' })),
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
