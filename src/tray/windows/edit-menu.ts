import { Menu, type BrowserWindow, type ContextMenuParams, type MenuItemConstructorOptions } from 'electron';

/** What was clicked on, as far as the Edit entries depend on it. */
export type EditTarget = Pick<ContextMenuParams, 'isEditable' | 'selectionText' | 'editFlags'>;

/** The Edit entries for a place in a page; none where there is neither a field nor selected text. */
export function editEntries({
  isEditable,
  selectionText,
  editFlags,
}: EditTarget): MenuItemConstructorOptions[] {
  if (!isEditable && selectionText === '') return [];
  return [
    { role: 'cut', enabled: editFlags.canCut },
    { role: 'copy', enabled: editFlags.canCopy },
    { role: 'paste', enabled: editFlags.canPaste },
    { type: 'separator' },
    { role: 'selectAll', enabled: editFlags.canSelectAll },
  ];
}

/** Electron brings no context menu of its own: without this one a password can be pasted by keys only. */
export function offerEditMenu(window: BrowserWindow): void {
  window.webContents.on('context-menu', (_event, params) => {
    const entries = editEntries(params);
    if (entries.length > 0) Menu.buildFromTemplate(entries).popup({ window });
  });
}
