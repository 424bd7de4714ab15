import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export interface Source {
  readonly language: 'bicep' | 'powershell';
  readonly text: string;
}

/** Where the grammar of each text is broken, as line and excerpt; an empty list where it is sound. */
export function syntaxFaults(sources: readonly Source[]): string[][] {
  const said = execFileSync(process.execPath, [join(__dirname, 'syntax-faults.mjs')], {
    input: JSON.stringify(sources),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(said) as string[][];
}
