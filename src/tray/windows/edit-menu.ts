import { Menu, type BrowserWindow, type ContextMenuParams, type MenuItemConstructorOptions } from 'electron';

/** The part of a click that the Edit entries depend on. */
type EditTarget = Pick<ContextMenuParams, 'isEditable' | 'selectionText' | 'editFlags'>;

/** The Edit entries for a place in a page; none if there is neither a field nor selected text. */
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

/** Electron has no default context menu: without this one a password could only be pasted by keyboard. */
export function offerEditMenu(window: BrowserWindow): void {
  window.webContents.on('context-menu', (_event, params) => {
    const entries = editEntries(params);
    if (entries.length > 0) Menu.buildFromTemplate(entries).popup({ window });
  });
}
