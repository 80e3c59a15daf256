// The arrows between the folders of the house, no import circles, no dead modules, `electron` only in the tray.

/** What each room of `src` may import besides itself. The hosts (tray, terminal) are imported by nobody. */
const mayImport = {
  words: [],
  system: ['words'],
  vault: ['system', 'words'],
  config: ['vault', 'system', 'words'],
  agent: ['config', 'vault', 'system', 'words'],
  outlets: ['agent', 'config', 'vault', 'system', 'words'],
  host: ['agent', 'config', 'vault', 'outlets', 'system', 'words'],
  client: ['agent', 'outlets', 'system', 'words'],
  'demo-tenant': [],
  pages: ['agent', 'config', 'outlets', 'host', 'system', 'words'],
  tray: ['agent', 'config', 'vault', 'outlets', 'host', 'pages', 'system', 'words'],
  terminal: ['agent', 'config', 'vault', 'outlets', 'host', 'system', 'words'],
};

const arrows = Object.entries(mayImport).map(([room, others]) => ({
  name: `arrows-of-${room}`,
  severity: 'error',
  comment: `src/${room} may import only: ${[room, ...others].join(', ')}.`,
  from: { path: `^src/${room}/` },
  to: { path: '^(src|test)/', pathNot: `^src/(${[room, ...others].join('|')})/` },
}));

export default {
  forbidden: [
    ...arrows,
    {
      name: 'no-folder-circles',
      severity: 'error',
      comment: 'Two folders that import each other, by whatever way, are one folder.',
      scope: 'folder',
      from: { path: '^src' },
      to: { circular: true },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dead-modules',
      severity: 'error',
      comment: 'Nothing imports this module: delete it, or make it an entry.',
      from: {
        orphan: true,
        pathNot:
          '^(src/(client/index|tray/(main|start)|terminal/tokentray|demo-tenant/demo)\\.ts|.+\\.d\\.ts|test/house/electron/loader/(hooks|register)\\.mjs)$',
      },
      to: {},
    },
    {
      name: 'small-client',
      severity: 'error',
      comment: 'The library goes into other programs: it asks over the socket, and takes nothing else along.',
      from: { path: '^src/client/' },
      to: {
        path: '^src/',
        pathNot:
          '^src/(client/|words/|system/(places|guid|files/error-code)|outlets/(answer/answer|socket/client))',
      },
    },
    {
      name: 'small-pages',
      severity: 'error',
      comment: 'Pages show what the main process tells: of other rooms they know the types, and the words.',
      from: { path: '^src/pages/' },
      to: {
        path: '^src/',
        pathNot: '^src/(pages|words)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'electron-in-the-tray',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(tray/|pages/bridge/preload)' },
      to: { path: 'node_modules/electron/' },
    },
    {
      name: 'only-what-ships',
      severity: 'error',
      comment: 'The product imports its dependencies only; the demo tenant is never packaged.',
      from: { path: '^src/', pathNot: '^src/demo-tenant/' },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/(electron|@types)/' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
