import type { Cause, Check, Step } from '../core/check';
import { hasEnded } from '../core/credential-expiry';
import type { ApplicationEvidence, ConfiguredCertificate, KeyCredential } from '../core/evidence';
import { blind, seen, valueOf } from '../core/reading';
import type { Context } from '../core/subject';
import { DAY } from '../core/time';
import { APP_REGISTRATION_MISSING, CERTIFICATE_EXPIRED, CERTIFICATE_NOT_REGISTERED } from './application-causes';
import { appWith, EXAMPLE_NOW } from './example-evidence';
import { certificatesOf, endFacts, endsSoon, onLadder, renewalFacts } from './expiry-ladder';
import { ENTER_CERTIFICATE, MAKE_NEW_CERTIFICATE, SEE_IT_HEALTHY } from './remedy-steps';
import { CERTIFICATE_PAGE, RENEW_PAGE } from './sources';

const CERTIFICATE = { credential: { kind: 'certificate', reference: 'file:helpdesk.pem' } } as const;

function configuredIn(evidence: ApplicationEvidence): ConfiguredCertificate | undefined {
  return valueOf(evidence.configuredCertificate);
}

/** The registered certificate that decides: the configured one where it is known, else the one that lasts longest. */
function deciding(evidence: ApplicationEvidence): { key: KeyCredential; isKnown: boolean } | undefined {
  const registered = certificatesOf(evidence)?.toSorted((a, b) => b.endsAt - a.endsAt) ?? [];
  const configured = configuredIn(evidence);
  const same = registered.find(({ thumbprint }) => thumbprint !== undefined && thumbprint === configured?.thumbprint);
  if (same !== undefined) return { key: same, isKnown: true };
  // A certificate whose thumbprint Graph does not tell may be any.
  const [candidate] = configured === undefined ? registered : registered.filter((key) => key.thumbprint === undefined);
  return candidate === undefined ? undefined : { key: candidate, isKnown: false };
}

/** Later than the one that decides. */
function newer(evidence: ApplicationEvidence): KeyCredential | undefined {
  const endsAt = deciding(evidence)?.key.endsAt ?? Infinity;
  return certificatesOf(evidence)?.find((key) => key.endsAt > endsAt);
}

/** The certificate itself ends on its own date, whatever was registered. */
function endOf(evidence: ApplicationEvidence): number | undefined {
  const ends = [configuredIn(evidence)?.endsAt, deciding(evidence)?.key.endsAt].filter((end) => end !== undefined);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

function factsOf(evidence: ApplicationEvidence, endsAt: number, now: number) {
  const { key } = deciding(evidence) ?? {};
  const configured = configuredIn(evidence);
  return {
    thumbprint: configured?.thumbprint ?? key?.thumbprint ?? 'unknown',
    keyId: key?.keyId ?? 'unknown',
    ...endFacts(endsAt, now),
    ...renewalFacts(evidence, 'certificate'),
  };
}

const missing: Cause<ApplicationEvidence> = {
  ...APP_REGISTRATION_MISSING,
  match: (evidence) => (valueOf(evidence.appRegistration)?.found === false ? { confidence: 'confirmed' } : undefined),
  examples: [
    {
      says: 'Graph finds no application with this client id.',
      evidence: { appRegistration: seen({ found: false }) },
      context: CERTIFICATE,
    },
  ],
};

function key(endsInDays: number, thumbprint: string): KeyCredential {
  return {
    keyId: `00000000-0000-4000-8000-${thumbprint.slice(0, 12)}`,
    thumbprint,
    endsAt: EXAMPLE_NOW + endsInDays * DAY,
  };
}

function configured(endsInDays: number, thumbprint: string, startsInDays = -100) {
  return seen({
    thumbprint,
    startsAt: EXAMPLE_NOW + startsInDays * DAY,
    endsAt: EXAMPLE_NOW + endsInDays * DAY,
  });
}

const OLD = '52ED9B5038A47B9E2E2190715CC238359D4F8F73';
const NEW = '0A1B2C3D4E5F60718293A4B5C6D7E8F901234567';

function registered(...keys: KeyCredential[]) {
  const app = appWith();
  return app.value.found ? seen({ ...app.value, keys }) : app;
}

const notRegistered: Cause<ApplicationEvidence> = {
  ...CERTIFICATE_NOT_REGISTERED,
  match: (evidence) => {
    const all = certificatesOf(evidence);
    const thumbprint = configuredIn(evidence)?.thumbprint;
    if (all === undefined || deciding(evidence) !== undefined) return undefined;
    // Without any registered certificate nobody needs to know which one is configured.
    if (thumbprint === undefined && all.length > 0) return undefined;
    return { confidence: 'confirmed', facts: { ...renewalFacts(evidence, 'certificate') } };
  },
  examples: [
    {
      says: 'Another certificate is registered.',
      evidence: { configuredCertificate: configured(300, NEW), appRegistration: registered(key(200, OLD)) },
      context: CERTIFICATE,
    },
    {
      says: 'None is registered.',
      evidence: { appRegistration: registered() },
      context: CERTIFICATE,
    },
  ],
};

const expired: Cause<ApplicationEvidence> = {
  ...CERTIFICATE_EXPIRED,
  match: (evidence, { now }) => {
    const endsAt = endOf(evidence);
    if (endsAt === undefined || !hasEnded(endsAt, now)) return undefined;
    const facts = factsOf(evidence, endsAt, now);
    return { confidence: 'confirmed', credential: facts.keyId, facts };
  },
  examples: [
    {
      says: 'The certificate ended three days ago.',
      evidence: { configuredCertificate: configured(-3, OLD), appRegistration: registered(key(-3, OLD)) },
      context: CERTIFICATE,
    },
  ],
};

const notYetValid: Cause<ApplicationEvidence> = {
  id: 'certificate-not-yet-valid',
  title: 'The certificate is not valid yet',
  severity: 'critical',
  why: 'A certificate counts from its own begin, and Entra ID refuses it before. The configured one begins in the future: it was made ahead, or the clock of the machine that made it is wrong.',
  opensAfter: 1,
  match: (evidence, { now }) => {
    const startsAt = configuredIn(evidence)?.startsAt;
    if (startsAt === undefined || startsAt <= now) return undefined;
    return { confidence: 'confirmed', facts: { startsOn: new Date(startsAt).toISOString() } };
  },
  remedy: [
    {
      part: 'check',
      say: 'The certificate begins on {startsOn}. Use the one before it until then, in {product} and for Mailbox Watch.',
    },
    { say: 'If the begin is a mistake, make a new certificate on a machine whose clock is right, and register it.' },
    SEE_IT_HEALTHY,
  ],
  sources: [CERTIFICATE_PAGE],
  examples: [
    {
      says: 'It begins tomorrow.',
      evidence: { configuredCertificate: configured(365, NEW, 1), appRegistration: registered(key(365, NEW)) },
      context: CERTIFICATE,
    },
  ],
};

const REMOVE_OLD: Step = {
  say: 'When it is healthy, remove the old certificate.',
  role: 'Cloud Application Administrator, or an owner of the app',
  run: { shell: 'az', command: 'az ad app credential delete --id {clientId} --key-id {keyId} --cert' },
};

function expiringMatch(evidence: ApplicationEvidence, context: Context, more = {}) {
  const endsAt = endOf(evidence);
  const decisive = deciding(evidence);
  if (endsAt === undefined || decisive === undefined) return undefined;
  const facts = { ...factsOf(evidence, endsAt, context.now), ...more };
  return onLadder({ ...decisive.key, endsAt }, decisive.isKnown ? 'confirmed' : 'inferred', facts, context);
}

const rotationUnfinished: Cause<ApplicationEvidence> = {
  id: 'certificate-rotation-unfinished',
  title: 'A newer certificate is registered, the old one is still in use',
  severity: 'warning',
  why: 'Somebody has registered a new certificate, but the configured one is still the old one, and that one ends soon.',
  opensAfter: 1,
  match: (evidence, context) => {
    const later = newer(evidence);
    if (later === undefined) return undefined;
    return expiringMatch(evidence, context, { newThumbprint: later.thumbprint ?? later.keyId });
  },
  remedy: [
    {
      part: 'check',
      say: 'The certificate in use, {thumbprint}, ends on {endsOn}, in {left}. The newer one is {newThumbprint}: use it.',
    },
    ...ENTER_CERTIFICATE,
    SEE_IT_HEALTHY,
    REMOVE_OLD,
  ],
  sources: [RENEW_PAGE, CERTIFICATE_PAGE],
  examples: [
    {
      says: 'The old one ends in ten days.',
      evidence: {
        configuredCertificate: configured(10, OLD),
        appRegistration: registered(key(10, OLD), key(300, NEW)),
      },
      context: CERTIFICATE,
    },
  ],
};

const expiring: Cause<ApplicationEvidence> = {
  id: 'certificate-expiring',
  title: 'The certificate is about to expire',
  severity: 'warning',
  why: 'From the moment of its end date Entra ID refuses the certificate, and every mailbox of this app registration stops at once.',
  opensAfter: 1,
  match: (evidence, context) => (newer(evidence) === undefined ? expiringMatch(evidence, context) : undefined),
  remedy: [
    {
      part: 'check',
      say: 'The certificate {thumbprint} ends on {endsOn}, in {left}. Until then both the old and a new one work. Ask {owners}. A new one may last {longestLife}.',
    },
    ...MAKE_NEW_CERTIFICATE,
    ...ENTER_CERTIFICATE,
    SEE_IT_HEALTHY,
    REMOVE_OLD,
  ],
  sources: [RENEW_PAGE, CERTIFICATE_PAGE],
  examples: [
    {
      says: 'It ends in six days.',
      evidence: { configuredCertificate: configured(6, OLD), appRegistration: registered(key(6, OLD)) },
      context: CERTIFICATE,
    },
    {
      says: 'The configured one cannot be read, and the only registered one ends in two days.',
      evidence: {
        configuredCertificate: blind('not-configured', 'not set'),
        appRegistration: registered(key(2, OLD)),
      },
      context: CERTIFICATE,
    },
  ],
};

export const certificate: Check<ApplicationEvidence> = {
  id: 'certificate',
  title: 'The certificate is registered, valid and not about to expire',
  needs: ['appRegistration', 'configuredCertificate'],
  only: { credential: ['certificate'] },
  after: [],
  healthy: (evidence, context) => {
    const endsAt = endOf(evidence);
    const decisive = deciding(evidence);
    const hasBegun = (configuredIn(evidence)?.startsAt ?? context.now) <= context.now;
    return endsAt !== undefined && decisive !== undefined && hasBegun && !endsSoon({ endsAt }, context);
  },
  causes: [missing, notRegistered, expired, notYetValid, rotationUnfinished, expiring],
};
