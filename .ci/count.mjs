// Prints the closing line of a run; exits 1 when anything failed. Argument: 1 where lint failed, else 0.
import { readFileSync } from 'node:fs';

const lintFailed = process.argv[2] !== '0';
let passed = lintFailed ? 0 : 1;
let failed = lintFailed ? 1 : 0;
try {
  const jest = JSON.parse(readFileSync('.local/jest.json', 'utf8'));
  passed += jest.numPassedTests;
  // A file that could not even be loaded has no tests to count.
  failed += jest.numFailedTests + jest.numRuntimeErrorTestSuites;
} catch (error) {
  console.error(`The test run left no result: ${error.message}`);
  failed += 1;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
