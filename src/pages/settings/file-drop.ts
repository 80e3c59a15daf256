/**
 * Tells of files that are dropped anywhere on the page, and marks it while they are above it. A file that is
 * dropped where nothing takes it would be opened in place of the page.
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
    // Words that are dragged into a field go there, as everywhere.
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
