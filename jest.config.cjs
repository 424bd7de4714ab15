if (Number(process.versions.node.split('.')[0]) < 22) {
  throw new Error('Node is too old: run npm ci with install scripts allowed, then npm test');
}

/** @type {import('jest').Config} */
module.exports = {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '\\.[cm]?[jt]s$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // jose ships ES modules only.
  transformIgnorePatterns: ['/node_modules/(?!jose/)'],
  moduleNameMapper: { '^@azure/functions-core$': '<rootDir>/local/host/functions-core.cjs' },
  testTimeout: 20_000,
};
