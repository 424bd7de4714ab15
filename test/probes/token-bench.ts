import type { TokenResult } from '../../shared/core/ports';
import type { Integration, WatchedMailbox } from '../../shared/core/subject';
import { createAccessTokenProbe } from '../../shared/probes/access-token';
import { createAuthority } from '../support/certificates';
import { exampleIntegration } from '../support/contexts';
import { memorySecrets } from '../support/memory-secrets';
import { startScriptedHttpsServer, trust, type ScriptedAnswer } from '../support/scripted-https-server';

export const SECRET_REFERENCE = 'file:secrets/client';
export const REFRESH_REFERENCE = 'file:secrets/refresh';
/** What no reading and no log may tell. */
export const CONFIDENTIAL = {
  clientSecret: 'Q8x~the-client-secret-of-contoso',
  newClientSecret: 'N3w~the-next-client-secret-of-contoso',
  refreshToken: '0.AXkA-the-refresh-token-of-the-delegate',
  rotatedToken: '0.AXkA-the-refresh-token-that-follows',
  opaqueToken: 'EwB-an-access-token-that-only-microsoft-reads',
};
export const MAILBOX: WatchedMailbox = {
  address: 'support@contoso.com',
  delegate: 'svc-jira@contoso.com',
  refreshTokenReference: REFRESH_REFERENCE,
};

type TokenForm = Readonly<Record<string, string>>;
const NO_ANSWER: (form: TokenForm) => ScriptedAnswer = () => ({ status: 500 });

/**
 * A token endpoint on loopback with a clock and secrets of its own, fresh for every test of the file. After each test nothing
 * that was told, in readings or on the console, may hold a secret or a token.
 */
export function tokenBench() {
  const authority = createAuthority();
  let server: Awaited<ReturnType<typeof startScriptedHttpsServer>>;
  let distrust: () => void;
  const told: unknown[] = [];
  const given: string[] = [];

  const bench = {
    now: 0,
    secrets: memorySecrets({}),
    /** The forms of the token requests so far, in order. */
    asked: [] as TokenForm[],
    /** What token requests are answered with. */
    answer: NO_ANSWER,
    /** What the search for the endpoint is answered with, where not with the endpoint. */
    discoveryAnswer: undefined as ScriptedAnswer | undefined,
    authority,
    origin: () => server.origin,
    /** Another probe has another memory. */
    probe(options: { deadlineMs?: number } = {}) {
      const probe = createAccessTokenProbe({ secrets: bench.secrets, now: () => bench.now, ...options });
      return async (changes: Partial<Integration> = {}, mailbox = MAILBOX): Promise<TokenResult> => {
        const integration = exampleIntegration({
          flow: 'application',
          loginAuthority: server.origin,
          credential: { kind: 'client-secret', reference: SECRET_REFERENCE },
          ...changes,
        });
        const result = await probe(integration, mailbox);
        told.push(result.reading);
        given.push(...(result.bearer === undefined ? [] : [result.bearer]));
        return result;
      };
    },
  };

  beforeAll(async () => {
    const ca = await authority;
    distrust = trust(ca.certificate);
    server = await startScriptedHttpsServer(await ca.issue(), ({ method, path, body }) => {
      if (method === 'GET') return bench.discoveryAnswer ?? { body: discovery(server.origin, path) };
      const form = Object.fromEntries(new URLSearchParams(body));
      bench.asked.push(form);
      return bench.answer(form);
    });
  });

  beforeEach(() => {
    bench.now = Date.now();
    bench.asked.length = 0;
    bench.answer = NO_ANSWER;
    bench.discoveryAnswer = undefined;
    bench.secrets = memorySecrets({
      [SECRET_REFERENCE]: CONFIDENTIAL.clientSecret,
      [REFRESH_REFERENCE]: CONFIDENTIAL.refreshToken,
    });
    for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      jest.spyOn(console, level).mockImplementation((...args: unknown[]) => void told.push(args));
    }
    jest.spyOn(process.stderr, 'write').mockImplementation((chunk) => told.push(String(chunk)) > 0);
  });

  afterEach(() => {
    jest.restoreAllMocks();
    const text = JSON.stringify(told.splice(0));
    for (const secret of [...Object.values(CONFIDENTIAL), ...given.splice(0)]) expect(text).not.toContain(secret);
  });

  afterAll(async () => {
    distrust();
    await server.close();
  });

  return bench;
}

/** The document in which MSAL looks for the endpoint of a host that is not Microsoft's. */
function discovery(origin: string, path: string) {
  const tenant = origin + path.replace(/\/v2\.0\/.*$/, '');
  return {
    issuer: `${tenant}/v2.0`,
    token_endpoint: `${tenant}/oauth2/v2.0/token`,
    authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
    jwks_uri: `${tenant}/discovery/v2.0/keys`,
  };
}

/** A token as Entra forms it; nobody verifies its signature here. */
export function jwt(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ typ: 'JWT', alg: 'RS256' })}.${part(claims)}.${Buffer.from('signature').toString('base64url')}`;
}

/** The endpoint's yes. Lasts an hour. */
export function issued(accessToken: string, more: Readonly<Record<string, unknown>> = {}): ScriptedAnswer {
  return { body: { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: accessToken, ...more } };
}
