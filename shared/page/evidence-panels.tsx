import { evidenceTree } from '../core/evidence-tree';
import type { SubjectReport } from '../core/report';
import { EvidenceList } from './evidence';
import { readingsOf } from './subject';

type Readings = Parameters<typeof evidenceTree>[0];

/** What was seen, by where it was seen; what stands in no panel has one of its own. */
const PANELS: readonly { readonly title: string; readonly names: readonly (keyof Readings)[] }[] = [
  { title: 'Live login', names: ['imapSession', 'popSession', 'graphMail'] },
  { title: 'Token claims', names: ['configuredSecret', 'configuredCertificate', 'accessToken'] },
  { title: 'Exchange settings', names: ['casMailbox', 'mailboxChanges'] },
  {
    title: 'Permissions',
    names: [
      'mailboxPermissions',
      'appAuthorization',
      'exchangeServicePrincipal',
      'enterpriseApplication',
      'delegateAccount',
      'delegateAccounts',
    ],
  },
];
const PLACED = new Set(PANELS.flatMap(({ names }) => names));

/** The evidence side by side, so that one sees which of them disagree. */
export function EvidencePanels({ subject, now }: { subject: SubjectReport; now: number }) {
  const readings = readingsOf(subject);
  const others = (Object.keys(readings) as (keyof Readings)[]).filter((name) => !PLACED.has(name));
  const panels = [...PANELS, { title: 'Also seen', names: others }]
    .map(({ title, names }) => ({ title, nodes: evidenceTree(chosen(readings, names)) }))
    .filter(({ nodes }) => nodes.length > 0);
  if (panels.length === 0) return null;
  return (
    <section aria-label="Evidence">
      <h2>Evidence</h2>
      <div class="panels">
        {panels.map(({ title, nodes }) => (
          <section class="panel" aria-label={title}>
            <h3>{title}</h3>
            <EvidenceList nodes={nodes} now={now} />
          </section>
        ))}
      </div>
    </section>
  );
}

function chosen(readings: Readings, names: readonly (keyof Readings)[]): Readings {
  return Object.fromEntries(Object.entries(readings).filter(([name]) => names.some((one) => one === name)));
}
