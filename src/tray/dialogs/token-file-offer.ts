import { dialog } from 'electron';
import path from 'node:path';
import { problemOf } from '../../agent/failures/thrown.ts';
import { checkTokenFile } from '../../outlets/token-files/disk.ts';
import { say } from '../../words/say.ts';
import { tellProblem } from './dialogs.ts';

/** The old application's name for it. */
const OLD_NAME = 'access_token.txt';

/**
 * Lets the user choose a file that will hold the fresh token; undefined if cancelled. The old application's name is
 * offered first, as it kept that file beside its settings. An unsuitable place is reported, and the dialog opens
 * again there.
 * @param directory where the dialog starts
 */
export async function chooseTokenFile(directory: string): Promise<string | undefined> {
  let offered = path.join(directory, OLD_NAME);
  for (;;) {
    const { canceled, filePath } = await dialog.showSaveDialog({
      title: say('import.token-file.title'),
      defaultPath: offered,
      properties: ['createDirectory', 'showHiddenFiles', 'showOverwriteConfirmation', 'dontAddToRecent'],
    });
    if (canceled || filePath === '') return undefined;
    try {
      await checkTokenFile(filePath);
      return filePath;
    } catch (error) {
      await tellProblem(say('import.token-file.refused'), problemOf(error));
      offered = filePath;
    }
  }
}
