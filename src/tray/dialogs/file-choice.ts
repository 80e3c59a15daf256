import { dialog, type FileFilter } from 'electron';

/** What the system's dialog is to ask for. */
export interface FileWanted {
  readonly title: string;
  readonly filter: FileFilter;
}

/** Lets the user choose one file to read; undefined where none was chosen. */
export async function chooseFile({ title, filter }: FileWanted): Promise<string | undefined> {
  const { canceled, filePaths } = await dialog.showOpenDialog({
    title,
    properties: ['openFile', 'showHiddenFiles'],
    filters: [filter],
  });
  return canceled ? undefined : filePaths[0];
}

/** Lets the user choose where to write a file; undefined where none was chosen. */
export async function chooseNewFile({
  title,
  filter,
  offered,
}: FileWanted & {
  /** The full path that the dialog begins with. */
  readonly offered: string;
}): Promise<string | undefined> {
  const { canceled, filePath } = await dialog.showSaveDialog({
    title,
    defaultPath: offered,
    filters: [filter],
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  });
  return canceled || filePath === '' ? undefined : filePath;
}
