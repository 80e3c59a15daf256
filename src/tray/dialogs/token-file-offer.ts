import { dialog } from 'electron';
import path from 'node:path';
import { problemOf } from '../../agent/failures/thrown.ts';
import { checkTokenFile } from '../../outlets/token-files/disk.ts';
import { say } from '../../words/say.ts';
import { tellProblem } from './dialogs.ts';

/** What the old application called it. */
const OLD_NAME = 'access_token.txt';

/**
 * Lets the user choose the file that is to hold the fresh token; first offered is the old application's, which
 * lay beside its settings. A place where a token does not belong is named, and asked for again. The answer is
 * undefined where none was chosen.
 * @param directory where the choice begins
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
