// The order of the rooms, no import circles, no dead modules, `electron` only in the tray.

/** Rooms from the ground up: what each may import besides itself. Nothing imports the hosts (tray, terminal). */
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
  pages: ['agent', 'config', 'outlets', 'words'],
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

/** What is bundled or started as a program of its own; everything else in src must be reachable from these. */
const entries =
  '^src/(client/index|tray/(main|entry|start)|terminal/tokentray|demo-tenant/demo|vault/system-store/keyring-process' +
  '|pages/(bridge/preload|settings/settings|status/status|status/web/status-web))\\.ts$';

/** What is started by its path in test. */
const testPrograms =
  '^test/(.+\\.test\\.ts|house/(run|bench)/.+|pages/fixtures/pages-bench\\.ts|tray/fixtures/witness\\.ts' +
  '|outlets/fixtures/owner-process\\.ts|house/fixtures/die-at\\.mjs|house/electron/(loader|programs)/.+|house/electron/real/(run\\.mjs|hands\\.ts)' +
  '|house/electron/conformance/conformance\\.ts|house/electron/stand-in/(electron|entry)\\.ts)$';

export default {
  forbidden: [
    ...arrows,
    {
      name: 'no-folder-circles',
      severity: 'error',
      comment: 'Two folders that import each other, directly or not, are one folder.',
      scope: 'folder',
      from: { path: '^src' },
      to: { circular: true },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dead-modules',
      severity: 'error',
      comment: 'No program reaches this module: delete it, or name it among the entries.',
      from: { path: entries },
      to: { path: '^src/', pathNot: ['\\.d\\.ts$', entries], reachable: false },
    },
    {
      name: 'no-dead-fixtures',
      severity: 'error',
      comment: 'No test reaches this module: delete it, or name it among the programs of the tests.',
      from: { path: testPrograms },
      to: { path: '^test/', pathNot: ['\\.d\\.ts$', testPrograms], reachable: false },
    },
    {
      name: 'roots-come-last',
      severity: 'error',
      comment:
        "A room's root files put its sub-rooms together, so no sub-room imports them. In system they are the ground.",
      from: { path: '^src/([^/]+)/[^/]+/', pathNot: '^src/system/' },
      to: { path: '^src/$1/[^/]+$' },
    },
    {
      name: 'small-client',
      severity: 'error',
      comment:
        'The library becomes part of other programs: it asks over the socket, and brings nothing else.',
      from: { path: '^src/client/' },
      to: {
        path: '^src/',
        pathNot:
          '^src/(client/|words/|system/(places|guid|files/error-code)|agent/refresh/margin|outlets/(answer/answer|socket/(client|watch)))',
      },
    },
    {
      name: 'small-pages',
      severity: 'error',
      comment: 'Pages show what the main process sends: they use the types of other rooms, and the words.',
      from: { path: '^src/pages/' },
      to: {
        path: '^src/',
        pathNot: '^src/(pages|words)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'only-the-bridge',
      severity: 'error',
      comment: 'The tray knows the contract with the pages, and loads them as files.',
      from: { path: '^src/tray/' },
      to: { path: '^src/pages/', pathNot: '^src/pages/bridge/' },
    },
    {
      name: 'electron-in-the-tray',
      severity: 'error',
      comment: 'Everything else must run without Electron.',
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
