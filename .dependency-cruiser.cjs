/** Judgement knows no I/O, I/O knows no judgement; they meet in shared/run-checks.ts and shared/compose-monitor.ts. */
const adapters = ['probes', 'store', 'settings'];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'core-knows-only-core',
      comment: 'shared/core is pure: put the I/O behind a port in core/ports.ts and pass its result in.',
      severity: 'error',
      from: { path: '^shared/core/' },
      to: { pathNot: '^shared/core/' },
    },
    {
      name: 'checks-know-only-core',
      comment: 'A check judges evidence: let a probe gather what it needs as a field of core/evidence.ts.',
      severity: 'error',
      from: { path: '^shared/checks/' },
      to: { pathNot: '^shared/(core|checks)/' },
    },
    {
      name: 'adapters-know-core-and-their-sdk',
      comment:
        'Adapters never know judgement or the composition: move what both need to core, or join them in compose-monitor.ts.',
      severity: 'error',
      from: { path: `^shared/(${adapters.join('|')})/` },
      to: { path: '^(functions|local|test)/|^shared/(checks/|monitor|compose-monitor|run-checks)' },
    },
    ...adapters.map((folder) => ({
      name: `${folder}-know-no-other-adapter`,
      comment: 'Adapters never know each other: move what both need to core, or join them in compose-monitor.ts.',
      severity: 'error',
      from: { path: `^shared/${folder}/` },
      to: { path: `^shared/(${adapters.filter((other) => other !== folder).join('|')})/` },
    })),
    {
      name: 'functions-bind-only',
      comment: 'A function file binds a trigger: let shared/monitor.ts do the work.',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(local|test)/|^shared/(probes|store|settings|checks)/|^shared/(compose-monitor|run-checks)' },
    },
    {
      name: 'shared-knows-no-local',
      comment: 'What is deployed needs nothing of one machine: move it to shared, or keep the caller in local.',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(local|functions)/' },
    },
    {
      name: 'nothing-imports-test',
      comment: 'Tests are for testing: move what the product needs out of test/.',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one, or need a third.',
      severity: 'error',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'functions-core\\.cjs$' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
