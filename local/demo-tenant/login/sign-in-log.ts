import { randomUUID, X509Certificate } from 'node:crypto';
import { importPKCS8, SignJWT } from 'jose';
import { mailDefaults } from '../../../shared/core/mail-defaults';
import { MINUTE } from '../../../shared/core/time';
import { ownCorrelationId } from '../../../shared/probes/entra/own-requests';
import { authorisationsOf, type Authorisation, type MonitoredIntegration } from '../monitor-setup';
import type { Tenant } from '../tenant';
import type { World } from '../world';
import { EntraError } from './entra-error';
import { grantToken } from './token-endpoint';
import { newUserSignIns } from './user-sign-in';

const MOST_KEPT = 2000;
const HELPDESK_MINUTES_AGO = [66, 4];
const MONITOR_MINUTES_AGO = 7;

type Parameters = Readonly<Record<string, string | undefined>>;

/** Logs what came of a token request that needs no person; others Entra ID lists elsewhere. Throws what `granting` throws. */
export async function logged<T>(
  { signIns, users, refreshTokens }: Tenant,
  {
    parameters,
    now,
    correlationId = randomUUID(),
  }: { parameters: Parameters; now: number; correlationId?: string | undefined },
  granting: () => Promise<T>,
): Promise<T> {
  const { client_id: appId = '', grant_type, refresh_token = '' } = parameters;
  const userId = refreshTokens.get(refresh_token)?.userId;
  const upn = users.find(({ id }) => id === userId)?.upn;
  const note = (errorCode: number, failureReason = 'Other.') => {
    if (grant_type !== 'client_credentials' && grant_type !== 'refresh_token') return;
    const kind = grant_type === 'client_credentials' ? 'servicePrincipal' : 'nonInteractiveUser';
    signIns.unshift({ id: randomUUID(), kind, appId, upn, at: now, errorCode, failureReason, correlationId });
    signIns.length = Math.min(signIns.length, MOST_KEPT);
  };
  try {
    const granted = await granting();
    note(0);
    return granted;
  } catch (error) {
    if (error instanceof EntraError) note(error.code, error.message);
    throw error;
  }
}

/** As if all had been there before the demo begins: the helpdesks twice, Mailbox Watch between. */
export async function fillSignInLog(world: World, now: number): Promise<void> {
  for (const { clientId } of world.monitor.integrations) {
    for (const minutesAgo of HELPDESK_MINUTES_AGO) await helpdesksSignIn(world, clientId, now - minutesAgo * MINUTE);
    await signIn(world, clientId, now - MONITOR_MINUTES_AGO * MINUTE, 'mailbox-watch');
  }
  world.tenant.signIns.sort((a, b) => b.at - a.at);
}

/** The helpdesks that use this app sign in, with what they have. */
export function helpdesksSignIn(world: World, clientId: string, now: number): Promise<void> {
  return signIn(world, clientId, now, 'helpdesk');
}

async function signIn(
  { tenant, monitor, helpdeskSecrets }: World,
  clientId: string,
  at: number,
  who: 'helpdesk' | 'mailbox-watch',
) {
  for (const integration of monitor.integrations.filter((one) => one.clientId === clientId)) {
    const known = monitor.secretFiles.get(integration.credentialFile) ?? '';
    const credential = who === 'helpdesk' ? (helpdeskSecrets.get(integration.id) ?? known) : known;
    const correlationId = who === 'helpdesk' ? randomUUID() : ownCorrelationId();
    for (const authorisation of integration.flow === 'application' ? [undefined] : authorisationsOf(integration)) {
      const parameters = await parametersOf(integration, credential, authorisation, monitor.secretFiles);
      const request = { parameters, now: at };
      const granting = () => grantToken(tenant, newUserSignIns(), request);
      await logged(tenant, { ...request, correlationId }, granting).catch((error: unknown) => {
        if (!(error instanceof EntraError)) throw error;
      });
    }
  }
}

async function parametersOf(
  { clientId, credentialKind, flow, protocol, scopes }: MonitoredIntegration,
  credential: string,
  authorisation: Authorisation | undefined,
  files: ReadonlyMap<string, string>,
): Promise<Parameters> {
  const wanted = scopes ?? mailDefaults({ provider: 'microsoft365', cloud: 'worldwide', protocol, flow }).scopes;
  return {
    client_id: clientId,
    scope: wanted.join(' '),
    ...(credentialKind === 'certificate'
      ? { client_assertion: await assertionOf(clientId, credential) }
      : { client_secret: credential }),
    ...(authorisation === undefined
      ? { grant_type: 'client_credentials' }
      : { grant_type: 'refresh_token', refresh_token: files.get(authorisation.refreshTokenFile) }),
  };
}

/** https://learn.microsoft.com/entra/identity-platform/certificate-credentials. `pem` holds certificate and private key. */
async function assertionOf(clientId: string, pem: string): Promise<string> {
  const certificate = /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/.exec(pem)?.[0] ?? '';
  const key = /-----BEGIN PRIVATE KEY-----[^]*?-----END PRIVATE KEY-----/.exec(pem)?.[0] ?? '';
  const { fingerprint256 } = new X509Certificate(certificate);
  const thumbprint = Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');
  return new SignJWT({ iss: clientId, sub: clientId })
    .setProtectedHeader({ alg: 'PS256', 'x5t#S256': thumbprint })
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(await importPKCS8(key, 'PS256'));
}
