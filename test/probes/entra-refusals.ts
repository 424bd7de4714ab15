export interface EntraRefusal {
  readonly aadsts: number;
  readonly status: 400 | 401;
  readonly error: string;
  /** Entra's sentence without number and trailer. */
  readonly sentence: string;
  /** What else the answer holds. */
  readonly more?: Readonly<Record<string, unknown>>;
}

export const TRACE_ID = '2f1b0d34-6f2b-4f3c-8a57-0d9f5f0b1c00';
export const CORRELATION_ID = 'c9b7e7b2-5d0e-4c39-9a3e-7f3f9f0c2d11';

/** Refusals as captured or documented, each with its source. */
export const ENTRA_REFUSALS: readonly EntraRefusal[] = [
  {
    // Capture of 2026-09-04; also n8n-io/n8n#22702.
    aadsts: 7000222,
    status: 401,
    error: 'invalid_client',
    sentence:
      "The provided client secret keys for app '11111111-2222-4333-8444-555555555555' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.",
    more: { error_uri: 'https://login.microsoftonline.com/error?code=7000222' },
  },
  {
    // qkqpttgf/OneManager-cfworkerskv#12
    aadsts: 7000215,
    status: 401,
    error: 'invalid_client',
    sentence:
      "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '11111111-2222-4333-8444-555555555555'.",
  },
  {
    // simonrob/email-oauth2-proxy#221
    aadsts: 700016,
    status: 400,
    error: 'unauthorized_client',
    sentence:
      "Application with identifier '11111111-2222-4333-8444-555555555555' was not found in the directory 'Contoso'.",
  },
  {
    // Worklytics/psoxy#74
    aadsts: 7000112,
    status: 400,
    error: 'unauthorized_client',
    sentence: "Application '11111111-2222-4333-8444-555555555555'(Contoso helpdesk mail) is disabled.",
  },
  {
    // mguessan/davmail#217
    aadsts: 65001,
    status: 400,
    error: 'invalid_grant',
    sentence:
      "The user or administrator has not consented to use the application with ID '11111111-2222-4333-8444-555555555555' named 'Contoso helpdesk mail'. Send an interactive authorization request for this user and resource.",
    more: { suberror: 'consent_required' },
  },
  {
    // zammad/zammad#3292
    aadsts: 50173,
    status: 400,
    error: 'invalid_grant',
    sentence:
      "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password. The grant was issued on '2026-08-01T07:12:09.2231130Z' and the TokensValidFrom date (before which tokens are not valid) for this user is '2026-09-01T06:00:00.0000000Z'.",
    more: { suberror: 'bad_token' },
  },
  {
    // zammad/zammad#3411
    aadsts: 700082,
    status: 400,
    error: 'invalid_grant',
    sentence:
      'The refresh token has expired due to inactivity. The token was issued on 2026-05-01T07:12:09.2231130Z and was inactive for 90.00:00:00.',
  },
  {
    // Capture of 2025-03
    aadsts: 53003,
    status: 400,
    error: 'invalid_grant',
    sentence:
      'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
    more: {
      suberror: 'message_only',
      claims: '{"access_token":{"capolids":{"essential":true,"values":["ab36d6d8-1111-4222-8333-444455556666"]}}}',
    },
  },
  {
    // microsoftgraph/msgraph-sdk-php#1566
    aadsts: 1002012,
    status: 400,
    error: 'invalid_scope',
    sentence:
      'The provided value for scope Mail.Send is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).',
  },
  {
    // alkampfergit/DotNetCoreOauth2#3
    aadsts: 70011,
    status: 400,
    error: 'invalid_scope',
    sentence:
      "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope email https://outlook.office.com/IMAP.AccessAsUser.All is not valid.",
  },
  {
    // https://learn.microsoft.com/entra/identity-platform/reference-error-codes
    aadsts: 90002,
    status: 400,
    error: 'invalid_request',
    sentence: "Tenant 'contosso.onmicrosoft.com' not found. Check to make sure you have the correct tenant ID.",
  },
  {
    // DougHennig/SFMail#15
    aadsts: 50076,
    status: 400,
    error: 'invalid_grant',
    sentence:
      "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '00000002-0000-0ff1-ce00-000000000000'.",
    more: { suberror: 'basic_action' },
  },
];

/** The answer as it comes from the token endpoint. `separator` was a line break until 2022. */
export function entraAnswer({ aadsts, status, error, sentence, more }: EntraRefusal, separator = ' ') {
  const timestamp = '2026-09-04 01:51:03Z';
  const trailer = [`Trace ID: ${TRACE_ID}`, `Correlation ID: ${CORRELATION_ID}`, `Timestamp: ${timestamp}`];
  const body = {
    error,
    error_description: [`AADSTS${aadsts}: ${sentence}`, ...trailer].join(separator),
    error_codes: [aadsts],
    timestamp,
    trace_id: TRACE_ID,
    correlation_id: CORRELATION_ID,
    ...more,
  };
  return { status, body };
}
