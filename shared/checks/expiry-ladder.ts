import type { Match } from '../core/check';
import { daysUntil, hasEnded, noticeStep, severityOf, timeLeft, timeSince } from '../core/credential-expiry';
import type { ApplicationEvidence, KeyCredential, PasswordCredential } from '../core/evidence';
import { valueOf } from '../core/reading';
import type { Context } from '../core/subject';
import { DAY, momentText } from '../core/time';

/** Something with an end that people have to be told of in time. Milliseconds since 1970. */
export interface Ending {
  readonly keyId: string;
  readonly endsAt: number;
}

/** The match for a credential on the ladder: the lower the step, the graver. Undefined above it, and when the end is over. */
export function onLadder(
  { keyId, endsAt }: Ending,
  confidence: Match['confidence'],
  facts: NonNullable<Match['facts']>,
  { integration, now }: Context,
): Match | undefined {
  const left = daysUntil(endsAt, now);
  const step = noticeStep(left, integration.expiryNoticeDays);
  if (step === undefined || hasEnded(endsAt, now)) return undefined;
  return { confidence, severity: severityOf(left), noticeStep: step, credential: keyId, facts };
}

export function endsSoon({ endsAt }: Pick<Ending, 'endsAt'>, { integration, now }: Context): boolean {
  return hasEnded(endsAt, now) || noticeStep(daysUntil(endsAt, now), integration.expiryNoticeDays) !== undefined;
}

/** When it ends, in words. */
export function endFacts(endsAt: number, now: number) {
  return {
    endsOn: momentText(endsAt),
    left: timeLeft(endsAt, now),
    ended: timeSince(endsAt, now),
  };
}

/** Secrets of the app: those on the app registration, and those on the enterprise application, which count as much. */
export function secretsOf(evidence: ApplicationEvidence): readonly PasswordCredential[] | undefined {
  const app = valueOf(evidence.appRegistration);
  return app?.found === true ? [...app.passwords, ...(enterpriseOf(evidence)?.passwords ?? [])] : undefined;
}

/** Certificates of the app, from the same two places. */
export function certificatesOf(evidence: ApplicationEvidence): readonly KeyCredential[] | undefined {
  const app = valueOf(evidence.appRegistration);
  return app?.found === true ? [...app.keys, ...(enterpriseOf(evidence)?.keys ?? [])] : undefined;
}

function enterpriseOf(evidence: ApplicationEvidence) {
  const application = valueOf(evidence.enterpriseApplication);
  return application?.found === true ? application : undefined;
}

/** Whom to ask for a new credential, and how long it may last. */
export function renewalFacts(evidence: ApplicationEvidence, kind: 'secret' | 'certificate') {
  const app = valueOf(evidence.appRegistration);
  const found = app?.found === true ? app : undefined;
  const owners = found === undefined ? [] : (valueOf(found.owners) ?? []);
  const policy = found === undefined ? undefined : valueOf(found.credentialPolicy);
  const life = kind === 'secret' ? policy?.longestSecretLife : policy?.longestCertificateLife;
  return {
    owners: owners.length === 0 ? 'whoever looks after the app registration' : owners.join(', '),
    longestLife:
      life === undefined
        ? 'as long as you choose; a year is sensible'
        : `${Math.floor(life / DAY)} days at most, by the policy of the tenant`,
  };
}

/** True where the tenant's policy lets nobody make a client secret for this app. */
export function secretsAreForbidden(evidence: ApplicationEvidence): boolean {
  const app = valueOf(evidence.appRegistration);
  return app?.found === true && valueOf(app.credentialPolicy)?.secretsForbidden === true;
}
