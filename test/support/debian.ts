import { existsSync } from 'node:fs';

/**
 * Describes tests that need a program of a Debian package. Where it is not installed, one skipped test says how to get it; in CI, which
 * installs it, its absence is a failure.
 */
export function describeWith(program: string, debianPackage: string, name: string, tests: () => void): void {
  if (existsSync(program)) {
    describe(name, tests);
    return;
  }
  const missing = `${program} is missing: apt-get update && apt-get install -y --no-install-recommends ${debianPackage}`;
  if (process.env['CI'] === undefined) {
    it.skip(missing, () => undefined);
    return;
  }
  it(missing, () => {
    throw new Error(missing);
  });
}
