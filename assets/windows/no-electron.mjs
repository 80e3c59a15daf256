// In Electron's place for pictures: what app-scheme.ts imports, and none of it is used.
export const protocol = undefined;
