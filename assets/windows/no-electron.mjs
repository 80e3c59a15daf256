// Replaces Electron for the pictures: app-scheme.ts imports these, but does not use them there.
export const protocol = undefined;
