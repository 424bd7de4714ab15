import dns from 'node:dns';
import { EventEmitter, once } from 'node:events';
import type { TokenCredential } from '@azure/identity';
import { SecretUnavailableError, SignInError } from '../../shared/core/ports';
import { blind, type BlindReason } from '../../shared/core/reading';
import { DAY, MINUTE } from '../../shared/core/time';
import { createKeyVaultSecrets, vaultUrlIn, type KeyVaultOptions } from '../../shared/settings/key-vault';
import { createAuthority } from '../support/certificates';
import { trust, type ScriptedAnswer } from '../support/scripted-https-server';
import { BEARER, challenge, refusal, startScriptedVault, TENANT, type ScriptedVault } from './scripted-vault';

const OLD = 'old~never-shown';
const NEW = 'new~never-shown';
const WRITTEN = Date.UTC(2026, 8, 1);

let clock: number;
let vault: ScriptedVault;
let distrust: () => void;
const getToken = jest.fn<ReturnType<TokenCredential['getToken']>, Parameters<TokenCredential['getToken']>>();

beforeAll(async () => {
  const authority = await createAuthority();
  distrust = trust(authority.certificate);
  vault = await startScriptedVault(await authority.issue({ dnsNames: ['*.vault.azure.net'] }), () => clock);
  // Every name but one is this machine, so that the SDK's own check of the vault's domain stays on.
  const lookup = (
    host: string,
    _options: unknown,
    done: (error: Error | null, found?: dns.LookupAddress[]) => void,
  ) => {
    if (host.startsWith('missing.')) done(Object.assign(new Error(`${OLD} ENOTFOUND`), { code: 'ENOTFOUND' }));
    else done(null, [{ address: '127.0.0.1', family: 4 }]);
  };
  jest.spyOn(dns, 'lookup').mockImplementation(lookup as unknown as typeof dns.lookup);
});
beforeEach(() => {
  clock = Date.UTC(2026, 10, 25);
  vault.answer = vault.works;
  vault.requests.length = 0;
  vault.versions.clear();
  vault.write('jira', OLD, WRITTEN);
  getToken.mockReset();
  getToken.mockResolvedValue({ token: BEARER, expiresOnTimestamp: Date.now() + DAY });
});
afterAll(async () => {
  jest.restoreAllMocks();
  distrust();
  await vault.close();
});

function keyVault(options: Partial<KeyVaultOptions> = {}) {
  return createKeyVaultSecrets({
    credential: { getToken },
    vaultUrl: (name) => `https://${name}.vault.azure.net:${new URL(vault.origin).port}`,
    now: () => clock,
    ...options,
  });
}

function requested(): string[] {
  return vault.requests.map(({ method, path }) => `${method} ${path.replace(/\?.*/, '')}`);
}

it.each([
  ['worldwide', 'https://helpdesk.vault.azure.net'],
  ['us-gov-high', 'https://helpdesk.vault.usgovcloudapi.net'],
  ['us-gov-dod', 'https://helpdesk.vault.usgovcloudapi.net'],
  ['china', 'https://helpdesk.vault.azure.cn'],
] as const)('a vault of the cloud %s is at %s', (cloud, address) => {
  expect(vaultUrlIn(cloud)('helpdesk')).toBe(address);
});

describe('a secret in Key Vault is read', () => {
  it('with a token for the vault of its tenant, asked for once', async () => {
    const secrets = keyVault();
    vault.write('opsgenie', 'other~secret', WRITTEN);
    expect(await secrets.read('kv:helpdesk/jira')).toBe(OLD);
    expect(await secrets.read('kv:helpdesk/opsgenie')).toBe('other~secret');
    // The first of a vault is what it asks for a token with.
    expect(requested()).toEqual(['GET /secrets/jira/', 'GET /secrets/jira/', 'GET /secrets/opsgenie/']);
    expect(getToken).toHaveBeenCalledTimes(1);
    expect(getToken.mock.calls[0]).toMatchObject([['https://vault.azure.net/.default'], { tenantId: TENANT }]);
  });

  it('once for all who ask at the same time, and for ten minutes', async () => {
    const secrets = keyVault();
    const readings = await Promise.all(Array.from({ length: 20 }, () => secrets.read('kv:helpdesk/jira')));
    expect(new Set(readings)).toEqual(new Set([OLD]));
    vault.write('jira', NEW, clock);
    clock += 10 * MINUTE - 1;
    expect(await secrets.read('kv:helpdesk/jira')).toBe(OLD);
    expect(vault.requests).toHaveLength(2);
    clock += 1;
    expect(await secrets.read('kv:helpdesk/jira')).toBe(NEW);
    expect(vault.requests).toHaveLength(3);
  });

  it('after a failure not before a minute has passed', async () => {
    const secrets = keyVault();
    await expect(secrets.read('kv:helpdesk/imap')).rejects.toThrow('There is no such secret');
    vault.write('imap', NEW, clock);
    clock += MINUTE - 1;
    await expect(secrets.read('kv:helpdesk/imap')).rejects.toThrow('There is no such secret');
    expect(vault.requests).toHaveLength(2);
    clock += 1;
    expect(await secrets.read('kv:helpdesk/imap')).toBe(NEW);
  });

  it.each<[string, ScriptedAnswer]>([
    ['trouble of the vault', refusal(503, 'ServiceUnavailable')],
    ['a connection that breaks', 'break'],
  ])('in spite of %s, once', async (_, trouble) => {
    vault.answer = (request) => (vault.requests.length === 1 ? trouble : vault.works(request));
    expect(await keyVault().read('kv:helpdesk/jira')).toBe(OLD);
    expect(vault.requests).toHaveLength(3);
  });

  it('together with when its value was written, whatever was done to it since', async () => {
    const secrets = keyVault();
    await secrets.read('kv:helpdesk/jira');
    expect(await secrets.writtenAt('kv:helpdesk/jira')).toEqual({ outcome: 'seen', value: WRITTEN });
    expect(vault.requests).toHaveLength(2);
  });
});

describe('a rotated secret is kept', () => {
  it('as a new version that says what it is and when it dies; the old one stays', async () => {
    const secrets = keyVault();
    await secrets.keep('kv:helpdesk/jira', NEW);
    expect(requested()).toEqual(['PUT /secrets/jira', 'PUT /secrets/jira']);
    expect(vault.requests.map(({ body }) => body.includes(NEW))).toEqual([false, true]);
    const [old, kept] = vault.versions.get('jira') ?? [];
    expect(old?.value).toBe(OLD);
    expect(kept).toMatchObject({
      value: NEW,
      contentType: 'text/plain',
      tags: { purpose: 'refresh-token', rotatedBy: 'mailbox-watch' },
      attributes: { enabled: true, exp: (clock + 90 * DAY) / 1000 },
    });
    expect(await keyVault().read('kv:helpdesk/jira')).toBe(NEW);
  });

  it('and read from then on, without asking the vault', async () => {
    const secrets = keyVault();
    expect(await secrets.read('kv:helpdesk/jira')).toBe(OLD);
    await secrets.keep('kv:helpdesk/jira', NEW);
    const sent = vault.requests.length;
    expect(await secrets.read('kv:helpdesk/jira')).toBe(NEW);
    expect(await secrets.writtenAt('kv:helpdesk/jira')).toEqual({ outcome: 'seen', value: clock });
    expect(vault.requests).toHaveLength(sent);
  });

  it('once a day: more versions fill the vault, and the older refresh token lives on', async () => {
    const secrets = keyVault();
    const writes = () => requested().filter((request) => request.startsWith('PUT') && request.endsWith('jira')).length;
    await secrets.keep('kv:helpdesk/jira', NEW);
    const once = writes();
    await secrets.keep('kv:helpdesk/jira', 'rotated an hour later');
    expect(writes()).toBe(once);
    expect(await secrets.read('kv:helpdesk/jira')).toBe(NEW);
    clock += DAY;
    await secrets.read('kv:helpdesk/jira');
    await secrets.keep('kv:helpdesk/jira', 'rotated a day later');
    expect(writes()).toBe(once + 1);
    expect(await secrets.read('kv:helpdesk/jira')).toBe('rotated a day later');
  });

  it('over what an earlier reading brings later', async () => {
    const secrets = keyVault();
    await secrets.keep('kv:helpdesk/other', 'so that it is signed in');
    const gate = new EventEmitter();
    const [arrived, opened] = [once(gate, 'arrived'), once(gate, 'opened')];
    vault.answer = async (request) => {
      const answer = vault.works(request);
      if (request.method === 'GET') {
        gate.emit('arrived');
        await opened;
      }
      return answer;
    };
    const earlier = secrets.read('kv:helpdesk/jira');
    await arrived;
    await secrets.keep('kv:helpdesk/jira', NEW);
    gate.emit('opened');
    expect(await earlier).toBe(OLD);
    expect(await secrets.read('kv:helpdesk/jira')).toBe(NEW);
  });

  it('or the old one is used', async () => {
    const secrets = keyVault();
    await secrets.read('kv:helpdesk/jira');
    vault.answer = () => refusal(403, 'Forbidden', 'ForbiddenByRbac');
    await expect(secrets.keep('kv:helpdesk/jira', NEW)).rejects.toThrow('Until then the old secret is used.');
    expect(await secrets.read('kv:helpdesk/jira')).toBe(OLD);
  });
});

describe('a secret that cannot be read or kept says which, why and what to do', () => {
  /** What is thrown by reading and by keeping, as messages, and what writtenAt is blind for. */
  async function failuresOf(reference: string, options: Partial<KeyVaultOptions> = {}) {
    const secrets = keyVault(options);
    const [read, keep, written] = await Promise.all([
      messageOf(secrets.read(reference)),
      messageOf(secrets.keep(reference, NEW)),
      secrets.writtenAt(reference),
    ]);
    expect(written).toEqual({ outcome: 'blind', reason: expect.any(String) as string, detail: read });
    for (const message of [read, keep]) expect(message).not.toMatch(/never-shown|eyJ/);
    return { read, keep, reason: written.outcome === 'blind' ? written.reason : undefined };
  }

  async function messageOf(attempt: Promise<unknown>): Promise<string> {
    const error = await attempt.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof SecretUnavailableError))
      throw new Error('expected SecretUnavailableError', { cause: error });
    return error.message;
  }

  const answers: [BlindReason, RegExp, ScriptedAnswer][] = [
    ['denied', /\(401 Unauthorized\)\. .* an identity of the vault's own tenant, with the role ROLE\./, challenge()],
    ['denied', /\(403 ForbiddenByRbac\)\. Give .* the role ROLE at/, refusal(403, 'Forbidden', 'ForbiddenByRbac')],
    ['denied', /\(403 Forbidden\)\. Give .* the role ROLE at/, refusal(403, 'Forbidden')],
    ['denied', /\. .* > Networking refuses/, refusal(403, 'Forbidden', 'ForbiddenByFirewall')],
    ['denied', /\. Its newest version is disabled: enable it/, refusal(403, 'Forbidden', 'SecretDisabled')],
    ['denied', /\. A deleted secret has this name/, refusal(409, 'Conflict', 'ObjectIsDeletedButRecoverable')],
    ['not-configured', /\(404 SecretNotFound\)\. There is no such secret: create/, refusal(404, 'SecretNotFound')],
    ['not-configured', /\(404 VaultNotFound\)\. There is no vault named helpdesk/, refusal(404, 'VaultNotFound')],
    ['throttled', /\(429 Throttled\)\. .* tried again shortly/, refusal(429, 'Throttled')],
    ['server-error', /\(500 InternalError\)\. .* Service Health/, refusal(500, 'InternalError')],
    ['unreachable', /\(ECONNRESET\)\. Let the function app connect/, 'break'],
    ['malformed', /\(400\)\. What answers there is no Key Vault/, { status: 400, body: 'never-shown' }],
    ['malformed', /\(TypeError\)\. What answers there is no Key Vault/, { body: '<title>never-shown</title>' }],
    ['malformed', /\(200 PARSE_ERROR\)\. /, { body: '{"never-shown', headers: { 'Content-Type': 'application/json' } }],
    [
      'not-configured',
      /\(it is empty\)\. Write/,
      { body: { id: 'https://v/secrets/jira/1', value: '', attributes: {} } },
    ],
    ['malformed', /\(it has no date\)\. /, { body: { id: 'https://v/secrets/jira/1', value: OLD, attributes: {} } }],
  ];
  it.each(answers)('%s: %s', async (reason, message, answer) => {
    vault.answer = () => answer;
    const { read, keep, ...told } = await failuresOf('kv:helpdesk/jira');
    expect(told.reason).toBe(reason);
    expect(read).toMatch(new RegExp(message.source.replace('ROLE', 'Key Vault Secrets User')));
    expect(read).toMatch(/^The secret at kv:helpdesk\/jira cannot be read from the vault helpdesk \(/);
    expect(keep).toMatch(new RegExp(message.source.replace('ROLE', 'Key Vault Secrets Officer')));
    expect(keep).toMatch(/^The rotated secret at kv:helpdesk\/jira cannot be written to the vault helpdesk \(/);
    expect(keep).toMatch(/ Until then the old secret is used\.$/);
  });

  it('without waiting for as long as a busy vault would like', async () => {
    vault.answer = () => ({ ...refusal(429, 'Throttled'), headers: { 'Retry-After': '3600' } });
    await expect(keyVault().read('kv:helpdesk/jira')).rejects.toThrow('(429 Throttled)');
    expect(vault.requests).toHaveLength(1);
  });

  it('within its deadline where the vault does not answer, and ends the request', async () => {
    vault.answer = () => 'hang';
    const { read, reason } = await failuresOf('kv:helpdesk/jira', { deadlineMs: 80 });
    expect(reason).toBe('timeout');
    expect(read).toContain('(no answer within 0.08 s). Check that');
    await Promise.all(vault.requests.map(({ ended }) => ended));
  });

  it('within its deadline where the sign-in does not end', async () => {
    getToken.mockReturnValue(new Promise(() => undefined));
    expect(await failuresOf('kv:helpdesk/jira', { deadlineMs: 80 })).toMatchObject({ reason: 'timeout' });
  });

  it('where there is no such vault, at the address of the worldwide cloud', async () => {
    const secrets = createKeyVaultSecrets({ credential: { getToken }, now: () => clock });
    await expect(secrets.read('kv:missing/jira')).rejects.toThrow('(ENOTFOUND). There is no vault named missing: ');
    expect(dns.lookup).toHaveBeenCalledWith('missing.vault.azure.net', expect.anything(), expect.anything());
  });

  it.each(['CredentialUnavailableError', 'AuthenticationError', 'SignInError'])(
    'where sign-in ends with %s',
    async (name) => {
      getToken.mockRejectedValue(Object.assign(new Error(OLD), { name }));
      const { read, reason } = await failuresOf('kv:helpdesk/jira');
      expect(reason).toBe('denied');
      expect(read).toContain(`(${name}). Mailbox Watch got no token for it: correct monitor.signIn.`);
    },
  );

  it('and says why Mailbox Watch itself could not sign in', async () => {
    getToken.mockRejectedValue(new SignInError(blind('denied', 'Azure gave no token for its managed identity.')));
    const { read, reason } = await failuresOf('kv:helpdesk/jira');
    expect(reason).toBe('denied');
    expect(read).toContain('(not signed in). Azure gave no token for its managed identity.');
  });

  it('where there is nothing to sign in with', async () => {
    const { read, reason } = await failuresOf('kv:helpdesk/jira', { credential: undefined });
    expect(reason).toBe('not-configured');
    expect(read).toContain('(not signed in). Set monitor.signIn');
    expect(vault.requests).toEqual([]);
  });

  it.each([OLD, 'kv:', 'kv:helpdesk', 'kv:evil.example#/jira', 'kv:helpdesk/../keys'])(
    'without a request where the reference is %s',
    async (reference) => {
      const { read } = await failuresOf(reference);
      expect(read).toBe('A secret is named by something that is no reference: expected kv:VAULT/NAME.');
      expect(vault.requests).toEqual([]);
    },
  );

  it('and gives no token and no secret to what only pretends to be a vault', async () => {
    vault.answer = () => challenge('https://evil.example');
    const { read } = await failuresOf('kv:helpdesk/jira');
    expect(read).toContain('(Error). What answers there is no Key Vault');
    expect(getToken).not.toHaveBeenCalled();
    expect(vault.requests.filter(({ headers, body }) => 'authorization' in headers || body !== '')).toEqual([]);
  });
});
