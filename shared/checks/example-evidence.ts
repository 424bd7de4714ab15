import type {
  AppRegistration,
  EnterpriseApplication,
  ExchangeServicePrincipal,
  GraphMailAnswer,
  ImapFailure,
  ImapSession,
  PasswordCredential,
  PopFailure,
  PopSession,
  TokenClaims,
  TokenIssued,
  TokenRefused,
} from '../core/evidence';
import { IMAP_STEPS, POP_STEPS } from '../core/evidence';
import { seen, type Seen } from '../core/reading';
import { DAY } from '../core/time';

/** The moment at which every example of the catalogue plays, milliseconds since 1970. */
export const EXAMPLE_NOW = Date.UTC(2026, 10, 25, 12);

export function tokenIssued(claims: TokenClaims): Seen<TokenIssued> {
  return seen({ issued: true, expiresAt: EXAMPLE_NOW + 3_600_000, ms: 120, claims });
}

export const DELEGATED_TOKEN = tokenIssued({
  aud: 'https://outlook.office.com',
  scp: ['IMAP.AccessAsUser.All'],
  user: 'svc-jira@contoso.com',
});

export const APPLICATION_TOKEN = tokenIssued({ aud: 'https://outlook.office365.com', roles: ['IMAP.AccessAsApp'] });

export function tokenRefused(
  error: string,
  aadsts: number,
  description: string,
  suberror?: string,
): Seen<TokenRefused> {
  return seen({
    issued: false,
    error,
    aadsts: [aadsts],
    description: `AADSTS${aadsts}: ${description}`,
    ...(suberror !== undefined && { suberror }),
    traceId: '2f1b0d34-6f2b-4f3c-8a57-0d9f5f0b1c00',
    correlationId: 'c9b7e7b2-5d0e-4c39-9a3e-7f3f9f0c2d11',
    ms: 90,
  });
}

export function imapFailed(failure: ImapFailure): Seen<ImapSession> {
  const at = IMAP_STEPS.indexOf(failure.step);
  return seen({
    host: 'outlook.office365.com',
    port: 993,
    steps: IMAP_STEPS.map((name, i) =>
      i > at
        ? { name, outcome: 'not-run' }
        : { name, outcome: i < at ? 'ok' : 'failed', ms: 20, ...(i === at && { said: failure.text }) },
    ),
    failure,
    ms: 20 * (at + 1),
  });
}

export const IMAP_OPENED: Seen<ImapSession> = seen({
  host: 'outlook.office365.com',
  port: 993,
  steps: IMAP_STEPS.map((name) => ({ name, outcome: 'ok', ms: 20 })),
  ms: 160,
});

export const NOT_CONNECTED = imapFailed({
  step: 'examine',
  kind: 'bad',
  text: 'BAD User is authenticated but not connected.',
});

export const LOGIN_REFUSED = imapFailed({ step: 'authenticate', kind: 'no', text: 'NO AUTHENTICATE failed.' });

export function secretEnding(inDays: number, hint: string, displayName: string): PasswordCredential {
  return {
    keyId: `00000000-0000-4000-8000-0000000${hint.charCodeAt(0)}${hint.charCodeAt(1)}`,
    displayName,
    hint,
    endsAt: EXAMPLE_NOW + inDays * DAY,
  };
}

export function appWith(...passwords: PasswordCredential[]): Seen<AppRegistration> {
  return seen({
    found: true,
    objectId: '7c1d7f0e-1111-4222-8333-444455556666',
    displayName: 'Contoso helpdesk mail',
    passwords,
    keys: [],
    disabled: false,
    owners: seen(['mail-admin@contoso.com']),
    federatedCredentials: seen([]),
    credentialPolicy: seen({ secretsForbidden: false }),
  });
}

export const ENTERPRISE_APPLICATION: Seen<EnterpriseApplication> = seen({
  found: true,
  objectId: '9a8b7c6d-1111-4222-8333-444455556666',
  displayName: 'Contoso helpdesk mail',
  enabled: true,
  assignmentRequired: false,
  exchangeRoles: seen(['IMAP.AccessAsApp']),
  graphRoles: seen([]),
  consents: seen([{ resource: 'exchange', scopes: ['IMAP.AccessAsUser.All'] }]),
  passwords: [],
  keys: [],
  readAt: EXAMPLE_NOW,
});

export const EXCHANGE_SERVICE_PRINCIPAL: Seen<ExchangeServicePrincipal> = seen({
  registered: true,
  objectId: '9a8b7c6d-1111-4222-8333-444455556666',
  names: ['contoso helpdesk mail', '9a8b7c6d-1111-4222-8333-444455556666'],
  readAt: EXAMPLE_NOW,
  source: 'admin-api',
});

function popFailed(failure: PopFailure): Seen<PopSession> {
  const at = POP_STEPS.indexOf(failure.step);
  return seen({
    host: 'outlook.office365.com',
    port: 995,
    steps: POP_STEPS.map((name, i) =>
      i > at
        ? { name, outcome: 'not-run' }
        : { name, outcome: i < at ? 'ok' : 'failed', ms: 20, ...(i === at && { said: failure.text }) },
    ),
    failure,
    ms: 20 * (at + 1),
  });
}

/** Exchange's one refusal over POP, whatever the reason. */
export const POP_REFUSED = popFailed({
  step: 'authenticate',
  kind: 'no',
  text: '-ERR Authentication failure: unknown user name or bad password.',
});

export function graphRefused(status: number, code: string, message: string): Seen<GraphMailAnswer> {
  return seen({ opened: false, status, code, message, ms: 60 });
}

export const POP_TOKEN = tokenIssued({
  aud: 'https://outlook.office.com',
  scp: ['POP.AccessAsUser.All'],
  user: 'svc-jira@contoso.com',
});

export const GRAPH_APP_TOKEN = tokenIssued({ aud: 'https://graph.microsoft.com', roles: ['Mail.Read'] });
export const GRAPH_USER_TOKEN = tokenIssued({
  aud: 'https://graph.microsoft.com',
  scp: ['Mail.Read.Shared'],
  user: 'svc-jira@contoso.com',
});

export const POP_OPENED: Seen<PopSession> = seen({
  host: 'outlook.office365.com',
  port: 995,
  steps: POP_STEPS.map((name) => ({ name, outcome: 'ok', ms: 20 })),
  ms: 160,
});
