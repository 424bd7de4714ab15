import { EXAMPLE_NOW, graphRefused, tokenIssued } from '../../shared/checks/example-evidence';
import { MAILBOX_CHECKS } from '../../shared/checks';
import { diagnoseAll } from '../../shared/core/diagnose';
import type { AppAuthorization, MailboxEvidence } from '../../shared/core/evidence';
import { seen } from '../../shared/core/reading';
import { exampleContext } from '../support/contexts';
import { NO_MAILBOX_EVIDENCE } from '../support/no-evidence';

const DENIED = graphRefused(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.');
const role = (name: string, inScope: boolean) => ({ role: `Application ${name}`, permissions: [name], inScope });

function verdicts(tokenRoles: readonly string[], roles?: AppAuthorization['roles']) {
  const evidence: MailboxEvidence = {
    ...NO_MAILBOX_EVIDENCE,
    accessToken: tokenIssued({ aud: 'https://graph.microsoft.com', roles: tokenRoles }),
    graphMail: DENIED,
    ...(roles !== undefined && { appAuthorization: seen({ roles, readAt: EXAMPLE_NOW, source: 'admin-api' }) }),
  };
  const diagnoses = diagnoseAll(
    MAILBOX_CHECKS,
    evidence,
    exampleContext('mailbox', { protocol: 'graph', flow: 'application' }),
  );
  return [...diagnoses.values()].flatMap((one) =>
    one.verdict === 'diagnosed' ? [`${one.cause.id} ${one.cause.confidence}`] : [],
  );
}

it.each<[string, readonly string[], AppAuthorization['roles'] | undefined, string]>([
  ['nothing is known of roles', [], undefined, 'graph-mail-permission-not-in-token inferred'],
  ['neither the token nor Exchange grants it', [], [], 'graph-mail-permission-not-in-token confirmed'],
  ['Exchange grants something else', [], [role('Mail.Send', true)], 'graph-mail-permission-not-in-token confirmed'],
  ['Exchange grants it for other mailboxes', [], [role('Mail.Read', false)], 'mailbox-outside-app-scope confirmed'],
  [
    'Exchange grants it, and Graph refuses all the same',
    [],
    [role('Mail.Read', true)],
    'mailbox-outside-app-scope inferred',
  ],
  [
    'one role leaves the mailbox out and another holds it',
    [],
    [role('Mail.Read', false), role('Mail.ReadWrite', true)],
    'mailbox-outside-app-scope inferred',
  ],
  [
    'the token grants it, so that no scope counts',
    ['Mail.Read'],
    [role('Mail.Read', false)],
    'mailbox-outside-app-scope inferred',
  ],
])('where Graph denies access and %s', (_, tokenRoles, roles, expected) => {
  expect(verdicts(tokenRoles, roles)).toEqual([expected]);
});
