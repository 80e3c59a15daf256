// Resolves the bare name `electron` to the stand-in, and starts the program through the stand-in's entry:
// Electron emits 'ready' only after the program's top-level awaits, so somebody has to see them finish.

const bundle = new URL('../../../../dist/test/electron-stand-in/', import.meta.url);
let entryTaken = false;

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, nextResolve) {
  if (specifier === 'electron' || specifier === 'electron/main') {
    return { url: new URL('electron.js', bundle).href, format: 'module', shortCircuit: true };
  }
  if (context.parentURL === undefined && !entryTaken) {
    entryTaken = true;
    const program = await nextResolve(specifier, context);
    const url = new URL('entry.js', bundle);
    url.searchParams.set('program', program.url);
    return { url: url.href, format: 'module', shortCircuit: true };
  }
  return nextResolve(specifier, context);
}
