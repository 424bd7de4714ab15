if (Number(process.versions.node.split('.')[0]) < 22) {
  throw new Error('Node is too old: run npm ci with install scripts allowed, then npm test');
}

function swc(jsc) {
  return ['@swc/jest', { jsc: { target: 'es2023', ...jsc }, module: { type: 'commonjs' } }];
}

/** @type {import('jest').Config} */
module.exports = {
  testMatch: ['<rootDir>/test/**/*.test.{ts,tsx}'],
  transform: {
    '\\.[cm]?[jt]s$': swc({ parser: { syntax: 'typescript' } }),
    '\\.tsx$': swc({
      parser: { syntax: 'typescript', tsx: true },
      transform: { react: { runtime: 'automatic', importSource: 'hono/jsx' } },
    }),
  },
  // These ship ES modules only.
  transformIgnorePatterns: [
    '/node_modules/(?!(?:jose|junit2json|listr2|mdast-util-[a-z-]+|micromark-[a-z-]+|unist-util-[a-z-]+|longest-streak|markdown-table|zwitch|devlop|decode-named-character-reference|character-entities|trim-lines|ccount|escape-string-regexp)/)',
  ],
  moduleNameMapper: { '^@azure/functions-core$': '<rootDir>/local/host/functions-core.cjs' },
  testTimeout: 20_000,
};
