// node --import ./test/house/electron/loader/register.mjs dist/tray/main.js
// Gives plain Node an `electron` to import: the stand-in. Only ESM is caught; a CommonJS bundle escapes.
import { register } from 'node:module';

register('./hooks.mjs', import.meta.url);
// Loaded before the program so that its clock and its crash handling are in place first, as in Electron.
await import('electron');
