import type { Cause, Check, Match, Step } from '../core/check';
import { hasEnded, standingOf, type SecretStanding } from '../core/credential-expiry';
import type { ApplicationEvidence, PasswordCredential } from '../core/evidence';
import { seen, valueOf } from '../core/reading';
import type { Context } from '../core/subject';
import {
  APP_REGISTRATION_MISSING,
  CLIENT_SECRET_EXPIRED,
  CLIENT_SECRET_WRONG,
  SECRET_ID_CONFIGURED,
} from './application-causes';
import { appWith, secretEnding } from './example-evidence';
import { endFacts, endsSoon, onLadder, renewalFacts, secretsAreForbidden, secretsOf } from './expiry-ladder';
import {
  ENTER_SECRET_IN_HELPDESK,
  ENTER_SECRET_IN_MONITOR,
  MAKE_NEW_SECRET,
  SEE_IT_HEALTHY,
  SEE_SECRETS,
} from './remedy-steps';
import { PASSWORD_PAGE, RENEW_PAGE } from './sources';

const REMOVE_OLD_SECRET: Step = {
  say: 'When it is healthy, remove the old secret.',
  role: 'Cloud Application Administrator, or an owner of the app',
  run: { shell: 'az', command: 'az ad app credential delete --id {clientId} --key-id {keyId}' },
};

function matchOf(evidence: ApplicationEvidence) {
  const secrets = secretsOf(evidence);
  return secrets && standingOf(secrets, valueOf(evidence.configuredSecret));
}

function standing(evidence: ApplicationEvidence): SecretStanding | undefined {
  const match = matchOf(evidence);
  return typeof match === 'object' ? match : undefined;
}

function isSecretId(evidence: ApplicationEvidence): boolean {
  return valueOf(evidence.configuredSecret)?.looksLikeSecretId === true;
}

function factsOf(secret: PasswordCredential, now: number) {
  return {
    secretName: secret.displayName ?? secret.keyId,
    keyId: secret.keyId,
    hint: secret.hint ?? '???',
    ...endFacts(secret.endsAt, now),
  };
}

/** The match for a secret on the ladder; which one is in use is not always known. */
function expiringMatch(
  { deciding, orElse }: SecretStanding,
  evidence: ApplicationEvidence,
  context: Context,
  more: Match['facts'] = {},
): Match | undefined {
  const facts = { ...factsOf(deciding, context.now), ...renewalFacts(evidence, 'secret'), ...more };
  return onLadder(deciding, orElse.length === 0 ? 'confirmed' : 'inferred', facts, context);
}

const missing: Cause<ApplicationEvidence> = {
  ...APP_REGISTRATION_MISSING,
  match: (evidence) => (valueOf(evidence.appRegistration)?.found === false ? { confidence: 'confirmed' } : undefined),
  examples: [
    { says: 'Graph finds no application with this client id.', evidence: { appRegistration: seen({ found: false }) } },
  ],
};

const idConfigured: Cause<ApplicationEvidence> = {
  ...SECRET_ID_CONFIGURED,
  match: (evidence) =>
    isSecretId(evidence) && standing(evidence) === undefined ? { confidence: 'confirmed' } : undefined,
  examples: [
    {
      says: 'The configured secret is a GUID, and no registered secret begins like it.',
      evidence: {
        configuredSecret: seen({ hint: '3f2', looksLikeSecretId: true }),
        appRegistration: appWith(secretEnding(200, 'Q8x', 'jira')),
      },
    },
  ],
};

const wrong: Cause<ApplicationEvidence> = {
  ...CLIENT_SECRET_WRONG,
  match: (evidence) =>
    matchOf(evidence) === 'not-among-registered' && !isSecretId(evidence)
      ? { confidence: 'confirmed', facts: { hint: valueOf(evidence.configuredSecret)?.hint ?? '???' } }
      : undefined,
  examples: [
    {
      says: 'No registered secret begins like the configured one.',
      evidence: {
        configuredSecret: seen({ hint: 'abc', looksLikeSecretId: false }),
        appRegistration: appWith(secretEnding(200, 'Q8x', 'jira')),
      },
    },
  ],
};

const none: Cause<ApplicationEvidence> = {
  id: 'no-client-secret',
  title: 'The app registration has no client secret',
  severity: 'critical',
  why: 'The helpdesk signs in with a client secret, and none is registered: it was removed, or it was only ever a certificate.',
  opensAfter: 1,
  match: (evidence) =>
    matchOf(evidence) === 'none-registered' && !isSecretId(evidence) ? { confidence: 'confirmed' } : undefined,
  remedy: [SEE_SECRETS, MAKE_NEW_SECRET, ...ENTER_SECRET_IN_HELPDESK, ENTER_SECRET_IN_MONITOR, SEE_IT_HEALTHY],
  sources: [PASSWORD_PAGE],
  examples: [{ says: 'Graph lists no secret.', evidence: { appRegistration: appWith() } }],
};

const expired: Cause<ApplicationEvidence> = {
  ...CLIENT_SECRET_EXPIRED,
  match: (evidence, { now }) => {
    const secret = standing(evidence);
    if (secret === undefined || !hasEnded(secret.deciding.endsAt, now)) return undefined;
    return {
      confidence: 'confirmed',
      credential: secret.deciding.keyId,
      facts: factsOf(secret.deciding, now),
    };
  },
  examples: [
    {
      says: 'The only secret has ended.',
      evidence: { appRegistration: appWith(secretEnding(-3, 'Q8x', 'jira')) },
    },
    {
      says: 'A newer secret is registered, but the configured one is still the old one.',
      evidence: {
        configuredSecret: seen({ hint: 'Old', looksLikeSecretId: false }),
        appRegistration: appWith(secretEnding(-1, 'Old', '2025'), secretEnding(300, 'New', '2026')),
      },
    },
    {
      says: 'The very moment of the end.',
      evidence: { appRegistration: appWith(secretEnding(0, 'Q8x', 'jira')) },
    },
  ],
};

const rotationUnfinished: Cause<ApplicationEvidence> = {
  id: 'client-secret-rotation-unfinished',
  title: 'A newer client secret is registered, the old one is still in use',
  severity: 'warning',
  why: 'Somebody has made a new secret, but the configured one is still the old one, and that one ends soon.',
  opensAfter: 1,
  match: (evidence, context) => {
    const secret = standing(evidence);
    if (secret?.newer === undefined) return undefined;
    const { secretName, hint } = factsOf(secret.newer, context.now);
    return expiringMatch(secret, evidence, context, { newSecretName: secretName, newHint: hint });
  },
  remedy: [
    {
      part: 'check',
      say: 'The secret in use, {secretName} (begins {hint}), ends on {endsOn}, in {left}. The newer one is {newSecretName} (begins {newHint}). Use its value; if nobody kept it, make another.',
    },
    ...ENTER_SECRET_IN_HELPDESK,
    ENTER_SECRET_IN_MONITOR,
    SEE_IT_HEALTHY,
    REMOVE_OLD_SECRET,
  ],
  sources: [RENEW_PAGE, PASSWORD_PAGE],
  examples: [
    {
      says: 'The old secret ends in ten days.',
      evidence: {
        configuredSecret: seen({ hint: 'Old', looksLikeSecretId: false }),
        appRegistration: appWith(secretEnding(10, 'Old', '2025'), secretEnding(300, 'New', '2026')),
      },
    },
  ],
};

const expiring: Cause<ApplicationEvidence> = {
  id: 'client-secret-expiring',
  title: 'The client secret is about to expire',
  severity: 'warning',
  why: 'From the moment of its end date Entra ID refuses the secret, and every mailbox of this app registration stops at once.',
  opensAfter: 1,
  match: (evidence, context) => {
    const secret = standing(evidence);
    return secret === undefined || secret.newer !== undefined ? undefined : expiringMatch(secret, evidence, context);
  },
  remedy: [
    {
      part: 'check',
      say: 'The secret {secretName} (begins {hint}, key id {keyId}) ends on {endsOn}, in {left}. Until then both the old and a new one work. Ask {owners}. A new one may last {longestLife}.',
    },
    MAKE_NEW_SECRET,
    ...ENTER_SECRET_IN_HELPDESK,
    ENTER_SECRET_IN_MONITOR,
    SEE_IT_HEALTHY,
    REMOVE_OLD_SECRET,
  ],
  sources: [RENEW_PAGE, PASSWORD_PAGE],
  examples: [
    {
      says: 'The secret in use ends in six days.',
      evidence: {
        configuredSecret: seen({ hint: 'Q8x', looksLikeSecretId: false }),
        appRegistration: appWith(secretEnding(6, 'Q8x', 'jira')),
      },
    },
    {
      says: 'Which secret is in use cannot be told; the longest lasting one ends in two days.',
      evidence: { appRegistration: appWith(secretEnding(2, 'Q8x', 'jira'), secretEnding(-90, 'Abc', 'old')) },
    },
  ],
};

const forbidden: Cause<ApplicationEvidence> = {
  id: 'new-client-secrets-forbidden',
  title: 'The client secret is about to expire, and a policy forbids a new one',
  severity: 'warning',
  why: 'The client secret ends soon, and the app management policy of the tenant lets nobody make a new client secret for this app. Whoever tries on the last day finds out then.',
  opensAfter: 1,
  match: (evidence, context) => {
    const secret = standing(evidence);
    const isStuck = secret !== undefined && secret.newer === undefined && secretsAreForbidden(evidence);
    return isStuck ? expiringMatch(secret, evidence, context) : undefined;
  },
  remedy: [
    {
      part: 'check',
      say: 'The secret {secretName} (begins {hint}) ends on {endsOn}, in {left}. Talk to {owners} now.',
    },
    {
      say: 'Where {product} can, let it sign in with a certificate or a federated credential instead: those are what the policy wants.',
    },
    {
      say: 'Else exempt the app: a policy of its own (appManagementPolicies) in which passwordAddition is disabled.',
      role: 'Cloud Application Administrator',
    },
    SEE_IT_HEALTHY,
  ],
  sources: ['https://learn.microsoft.com/graph/api/resources/applicationauthenticationmethodpolicy', RENEW_PAGE],
  examples: [
    {
      says: 'Ten days are left, and the policy restricts passwordAddition.',
      evidence: { appRegistration: withoutNewSecrets(secretEnding(10, 'Q8x', 'jira')) },
    },
  ],
};

function withoutNewSecrets(secret: PasswordCredential) {
  const app = appWith(secret);
  return app.value.found ? seen({ ...app.value, credentialPolicy: seen({ secretsForbidden: true }) }) : app;
}

const inUseUnknown: Cause<ApplicationEvidence> = {
  id: 'client-secret-in-use-unknown',
  title: 'An old client secret is still registered, and it may be the one in use',
  severity: 'info',
  why: 'The app registration has several client secrets, and which of them the helpdesk uses cannot be told from here. The newest lasts long enough; an older one does not.',
  opensAfter: 1,
  match: (evidence, context) => {
    const secret = standing(evidence);
    const oldest = secret?.orElse.at(-1);
    if (secret === undefined || oldest === undefined || !endsSoon(oldest, context)) return undefined;
    const { secretName: newSecretName, hint: newHint } = factsOf(secret.deciding, context.now);
    return {
      confidence: 'possible',
      credential: oldest.keyId,
      facts: { ...factsOf(oldest, context.now), newSecretName, newHint },
    };
  },
  remedy: [
    {
      part: 'check',
      say: 'Make sure that {product} uses {newSecretName} (begins {newHint}) and not {secretName} (begins {hint}, ends on {endsOn}).',
    },
    {
      say: 'When that is certain, remove the old one.',
      role: 'Cloud Application Administrator, or an owner of the app',
      run: { shell: 'az', command: 'az ad app credential delete --id {clientId} --key-id {keyId}' },
    },
    { say: 'To let Mailbox Watch tell by itself, let {credentialReference} hold the same secret as {product}.' },
    SEE_IT_HEALTHY,
  ],
  sources: [RENEW_PAGE, PASSWORD_PAGE],
  examples: [
    {
      says: 'Two secrets, one ends soon, and the configured one cannot be read.',
      evidence: { appRegistration: appWith(secretEnding(10, 'Old', '2025'), secretEnding(300, 'New', '2026')) },
    },
  ],
};

export const clientSecret: Check<ApplicationEvidence> = {
  id: 'client-secret',
  title: 'The client secret is valid and not about to expire',
  needs: ['appRegistration', 'configuredSecret'],
  only: { credential: ['client-secret'] },
  after: [],
  healthy: (evidence, context) => {
    const secret = standing(evidence);
    return secret !== undefined && ![secret.deciding, ...secret.orElse].some((one) => endsSoon(one, context));
  },
  causes: [missing, idConfigured, wrong, none, expired, rotationUnfinished, forbidden, expiring, inUseUnknown],
};
