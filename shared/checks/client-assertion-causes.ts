import type { Cause } from '../core/check';
import type { MailboxEvidence } from '../core/evidence';
import { CERTIFICATE_EXPIRED, CERTIFICATE_NOT_REGISTERED } from './application-causes';
import { tokenRefused } from './example-evidence';
import { refusedWith } from './refused-by-entra';
import { ADD_FEDERATED_CREDENTIAL, SEE_IT_HEALTHY } from './remedy-steps';
import { AADSTS_PAGE, FEDERATED_PAGE } from './sources';

/** What Entra ID's token endpoint says of certificates and federated tokens. */

const EXPIRED_KEY = /key used is expired|certificate (?:has |is )?expired/i;
const WITH_CERTIFICATE = { credential: { kind: 'certificate', reference: 'file:helpdesk.pem' } } as const;
const WITH_FEDERATED = { credential: { kind: 'federated', reference: 'file:token' } } as const;

const certificateExpired: Cause<MailboxEvidence> = {
  ...CERTIFICATE_EXPIRED,
  match: (evidence) => {
    const match = refusedWith(700027, 50012)(evidence);
    return EXPIRED_KEY.test(match?.facts?.['entraSays'] ?? '') ? match : undefined;
  },
  examples: [
    {
      says: 'Entra ID says that the key is expired.',
      evidence: {
        accessToken: tokenRefused(
          'invalid_client',
          700027,
          'Client assertion failed signature validation. [Reason - The key used is expired.]',
        ),
      },
      context: WITH_CERTIFICATE,
    },
  ],
};

const certificateNotRegistered: Cause<MailboxEvidence> = {
  ...CERTIFICATE_NOT_REGISTERED,
  match: (evidence, { integration }) => {
    const match = refusedWith(700027, 700030, 50012)(evidence);
    const isExpired = EXPIRED_KEY.test(match?.facts?.['entraSays'] ?? '');
    return integration.credential.kind === 'certificate' && !isExpired ? match : undefined;
  },
  examples: [
    {
      says: 'Entra ID does not find the key of the signature.',
      evidence: {
        accessToken: tokenRefused(
          'invalid_client',
          700027,
          'Client assertion failed signature validation. [Reason - The key was not found.]',
        ),
      },
      context: WITH_CERTIFICATE,
    },
  ],
};

const outsideItsTime: Cause<MailboxEvidence> = {
  id: 'client-assertion-outside-its-time',
  title: 'The signed request is outside the time for which it is valid',
  severity: 'critical',
  why: 'With a certificate or a federated token the app proves itself by a signed text that is valid for minutes. It came too early or too late: the clock of the machine that signs is wrong, or a federated token is not renewed any more.',
  opensAfter: 2,
  match: refusedWith(700024),
  remedy: [
    {
      part: 'check',
      say: 'Compare the clock of the machine with the time of Entra ID (the header Date).',
      run: { shell: 'shell', command: 'curl --silent --head {loginAuthority} | grep -i ^date; date -u' },
    },
    { say: 'Let the machine take its time from the network (NTP).' },
    {
      part: 'check',
      say: 'See that whoever issues the federated token still renews it: {credentialReference}.',
      only: { credential: ['federated'] },
    },
    SEE_IT_HEALTHY,
  ],
  sources: [AADSTS_PAGE],
  examples: [
    {
      says: 'Entra ID says that the assertion is not within its valid time range.',
      evidence: {
        accessToken: tokenRefused('invalid_client', 700024, 'Client assertion is not within its valid time range.'),
      },
      context: WITH_CERTIFICATE,
    },
  ],
};

const noMatch: Cause<MailboxEvidence> = {
  id: 'federated-credential-does-not-match',
  title: 'No federated credential of the app matches the token that is presented',
  severity: 'critical',
  why: 'Entra ID takes the token of another issuer only where issuer, subject and audience are letter by letter those of a federated credential of the app registration.',
  opensAfter: 1,
  match: refusedWith(70021, 70022, 70023, 70025, 700211, 700212, 700213),
  remedy: [
    { part: 'check', say: 'Entra ID said what it looked for: {entraSays}' },
    {
      part: 'check',
      say: 'Compare it with what is registered. Blanks, a slash at the end and capital letters count.',
      role: 'Global Reader',
      run: { shell: 'az', command: 'az ad app federated-credential list --id {clientId} --output table' },
    },
    ...ADD_FEDERATED_CREDENTIAL,
    SEE_IT_HEALTHY,
  ],
  sources: [AADSTS_PAGE, FEDERATED_PAGE],
  examples: [
    {
      says: 'The subject is another one.',
      evidence: {
        accessToken: tokenRefused(
          'invalid_client',
          700213,
          "No matching federated identity record found for presented assertion subject 'repo:contoso/mail'.",
        ),
      },
      context: WITH_FEDERATED,
    },
  ],
};

export const CLIENT_ASSERTION_CAUSES: readonly Cause<MailboxEvidence>[] = [
  certificateExpired,
  certificateNotRegistered,
  outsideItsTime,
  noMatch,
];
