import { dialog, type FileFilter } from 'electron';

/** What the system's file dialog shows. */
export interface FileWanted {
  readonly title: string;
  readonly filter: FileFilter;
}

/** Lets the user choose a file; undefined if cancelled. */
export type ChooseFile = (wanted: FileWanted) => Promise<string | undefined>;

/** Lets the user choose one file to read. */
export const chooseFile: ChooseFile = async ({ title, filter }) => {
  const { canceled, filePaths } = await dialog.showOpenDialog({
    title,
    properties: ['openFile', 'showHiddenFiles'],
    filters: [filter],
  });
  return canceled ? undefined : filePaths[0];
};

/**
 * Lets the user choose where to write a file; undefined if cancelled.
 * @param offered the full path that the dialog starts with
 */
export async function chooseNewFile({
  title,
  filter,
  offered,
}: FileWanted & { readonly offered: string }): Promise<string | undefined> {
  const { canceled, filePath } = await dialog.showSaveDialog({
    title,
    defaultPath: offered,
    filters: [filter],
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  });
  return canceled || filePath === '' ? undefined : filePath;
}
