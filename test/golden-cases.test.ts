import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAILBOX_CHECKS } from '../shared/checks';
import { diagnoseAll, type Diagnosis } from '../shared/core/diagnose';
import type { MailboxEvidence } from '../shared/core/evidence';
import type { Integration } from '../shared/core/subject';
import { exampleContext } from './support/contexts';
import { NO_MAILBOX_EVIDENCE } from './support/no-evidence';

/** Scrubbed evidence as it was seen in the wild, and the verdicts on it. */
interface GoldenCase {
  readonly note: string;
  readonly source: string;
  readonly integration: Partial<Integration>;
  /** What is not named was not read. */
  readonly evidence: Partial<MailboxEvidence>;
  readonly expected: Readonly<Record<string, string>>;
}

const folder = join(__dirname, 'cases');
const cases = readdirSync(folder).map(
  (file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8')) as GoldenCase] as const,
);

function inWords(diagnosis: Diagnosis): string {
  if (diagnosis.verdict === 'diagnosed') return `${diagnosis.cause.id} ${diagnosis.cause.confidence}`;
  return diagnosis.verdict === 'blocked' ? `blocked by ${diagnosis.by}` : diagnosis.verdict;
}

describe('golden cases', () => {
  it.each(cases)('%s', (_, { integration, evidence, expected }) => {
    const diagnoses = diagnoseAll(
      MAILBOX_CHECKS,
      { ...NO_MAILBOX_EVIDENCE, ...evidence },
      exampleContext('mailbox', integration),
    );
    expect(Object.fromEntries([...diagnoses].map(([check, diagnosis]) => [check, inWords(diagnosis)]))).toEqual(
      expected,
    );
  });
});
