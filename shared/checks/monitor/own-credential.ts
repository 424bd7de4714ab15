import type { Cause, Match } from '../../core/check';
import {
  daysUntil,
  hasEnded,
  noticeStep,
  standingOf,
  timeLeft,
  type SecretStanding,
} from '../../core/credential-expiry';
import type { MonitorEvidence } from '../../core/monitor-evidence';
import { seen, valueOf } from '../../core/reading';
import type { Context } from '../../core/subject';
import { DAY, momentText } from '../../core/time';
import { appWith, EXAMPLE_NOW, secretEnding } from '../example-evidence';
import { SEE_MONITOR_HEALTHY } from './grant-steps';
import { PASSWORD_PAGE, RENEW_PAGE } from '../sources';
import { HAS_DIRECTORY, type MonitorCheck } from './monitor-check';
import { MAKE_OWN_SECRET, PUT_SECRET_INTO_REFERENCE, USE_NO_SECRET } from './own-secret-steps';

const BLIND_THEN =
  'From that moment Mailbox Watch reads nothing of app registrations, accounts, service health and Exchange.';

/** The match for what is on the notice ladder. What has ended stays on it: a token that was issued before still hides the end. */
function ending(endsAt: number, credential: string, { integration, now }: Context): Match | undefined {
  const step = noticeStep(daysUntil(endsAt, now), integration.expiryNoticeDays);
  if (step === undefined) return undefined;
  const endsOn = momentText(endsAt);
  const end = hasEnded(endsAt, now) ? `ended on ${endsOn}` : `ends on ${endsOn}, in ${timeLeft(endsAt, now)}`;
  return { confidence: 'confirmed', noticeStep: step, credential, facts: { end } };
}

function standing({ appRegistration, configuredSecret }: MonitorEvidence): SecretStanding | undefined {
  const app = valueOf(appRegistration);
  const match = app?.found === true ? standingOf(app.passwords, valueOf(configuredSecret)) : undefined;
  return typeof match === 'object' ? match : undefined;
}

const secretExpiring: Cause<MonitorEvidence> = {
  id: 'monitor-secret-expiring',
  title: 'The client secret of Mailbox Watch is about to expire',
  severity: 'warning',
  why: `Entra ID refuses a client secret from the moment of its end date. ${BLIND_THEN}`,
  opensAfter: 1,
  match: (evidence, context) => {
    const { deciding } = standing(evidence) ?? {};
    return deciding === undefined ? undefined : ending(deciding.endsAt, deciding.keyId, context);
  },
  remedy: [
    { part: 'check', say: 'It {end}. Until its end the old and a new one both work.' },
    MAKE_OWN_SECRET,
    PUT_SECRET_INTO_REFERENCE,
    SEE_MONITOR_HEALTHY,
    USE_NO_SECRET,
  ],
  sources: [RENEW_PAGE, PASSWORD_PAGE],
  examples: [
    {
      says: 'The secret in use ends in six days.',
      evidence: {
        configuredSecret: seen({ hint: 'Mon', looksLikeSecretId: false }),
        appRegistration: appWith(secretEnding(6, 'Mon', 'mailbox-watch')),
      },
    },
    {
      says: 'A new one is registered, and the old one is still in use.',
      evidence: {
        configuredSecret: seen({ hint: 'Old', looksLikeSecretId: false }),
        appRegistration: appWith(secretEnding(6, 'Old', '2025'), secretEnding(300, 'New', '2026')),
      },
    },
  ],
};

export const ownSecret: MonitorCheck = {
  id: 'monitor-client-secret',
  title: 'The client secret of Mailbox Watch is not about to expire',
  needs: ['appRegistration', 'configuredSecret'],
  only: HAS_DIRECTORY,
  usedIn: ({ signIn }) => signIn === 'client-secret',
  after: ['monitor-sign-in'],
  healthy: (evidence, { integration, now }) => {
    const secret = standing(evidence);
    if (secret === undefined) return false;
    const mayBeInUse = [secret.deciding, ...secret.orElse];
    return mayBeInUse.every(
      ({ endsAt }) => noticeStep(daysUntil(endsAt, now), integration.expiryNoticeDays) === undefined,
    );
  },
  causes: [secretExpiring],
};

const certificateExpiring: Cause<MonitorEvidence> = {
  id: 'monitor-certificate-expiring',
  title: 'The certificate of Mailbox Watch is about to expire',
  severity: 'warning',
  why: `Entra ID refuses what a certificate signed after its end date. ${BLIND_THEN}`,
  opensAfter: 1,
  match: ({ configuredCertificate }, context) => {
    const certificate = valueOf(configuredCertificate);
    return certificate && ending(certificate.endsAt, certificate.thumbprint, context);
  },
  remedy: [
    { part: 'check', say: 'It {end}. Until its end the old and a new one both work.' },
    { say: 'Make a new certificate the way the old one was made.' },
    {
      say: 'Register its public part beside the old one.',
      role: 'Cloud Application Administrator, or an owner of the app',
      run: {
        shell: 'az',
        command: 'az ad app credential reset --id {clientId} --append --cert "$(cat certificate.pem)"',
      },
    },
    { say: 'Put certificate and private key, as PEM, to where Mailbox Watch reads them: {credentialReference}.' },
    SEE_MONITOR_HEALTHY,
    USE_NO_SECRET,
  ],
  sources: ['https://learn.microsoft.com/entra/identity-platform/certificate-credentials', RENEW_PAGE],
  examples: [
    {
      says: 'The certificate ends in six days.',
      evidence: {
        configuredCertificate: seen({
          thumbprint: 'A1B2C3D4E5F60718293A4B5C6D7E8F9001122334',
          startsAt: EXAMPLE_NOW - 359 * DAY,
          endsAt: EXAMPLE_NOW + 6 * DAY,
        }),
      },
    },
  ],
};

export const ownCertificate: MonitorCheck = {
  id: 'monitor-certificate',
  title: 'The certificate of Mailbox Watch is not about to expire',
  needs: ['configuredCertificate'],
  only: HAS_DIRECTORY,
  usedIn: ({ signIn }) => signIn === 'certificate',
  after: ['monitor-sign-in'],
  healthy: ({ configuredCertificate }, { integration, now }) => {
    const certificate = valueOf(configuredCertificate);
    return (
      certificate !== undefined &&
      noticeStep(daysUntil(certificate.endsAt, now), integration.expiryNoticeDays) === undefined
    );
  },
  causes: [certificateExpiring],
};
