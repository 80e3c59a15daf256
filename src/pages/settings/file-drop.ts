/**
 * Calls `take` with files dropped anywhere on the page, and highlights the page while they are over it. Without it,
 * the browser would open a dropped file in place of the page.
 */
export function dropFiles(page: Element, take: (files: readonly File[]) => void): void {
  const mark = (state: 'above' | 'away'): void => {
    page.classList.toggle('files-above', state === 'above');
  };
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    if (hasFiles(event)) mark('above');
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) mark('away');
  });
  document.addEventListener('drop', (event) => {
    mark('away');
    const isText = !hasFiles(event);
    // Text dragged into a field is inserted there, as usual.
    if (isText && isField(event.target)) return;
    event.preventDefault();
    if (!isText) take([...(event.dataTransfer?.files ?? [])]);
  });
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') ?? false;
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
