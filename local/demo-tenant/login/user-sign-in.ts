import { createHash, randomBytes } from 'node:crypto';
import { html } from 'hono/html';
import { findApp, type AppRegistration, type Tenant, type User } from '../tenant';
import type { HttpAnswer } from '../loopback-http';
import { EntraError } from './entra-error';

/** What a user has agreed to in the browser, until the app redeems it. */
interface Agreed {
  readonly appId: string;
  readonly userId: string;
  readonly redirectUri: string;
  /** PKCE's challenge (S256). */
  readonly challenge: string;
}

interface DeviceSignIn {
  readonly appId: string;
  readonly userCode: string;
  userId?: string;
}

/** Sign-ins of users that are under way. */
export interface UserSignIns {
  readonly codes: Map<string, Agreed>;
  /** By device code. */
  readonly devices: Map<string, DeviceSignIn>;
}

export function newUserSignIns(): UserSignIns {
  return { codes: new Map(), devices: new Map() };
}

/** Loopback addresses are compared without their port: https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions */
const REGISTERED = /^http:\/\/localhost(?::\d+)?\/?$/;

/** The page where a user picks an account, and the way back to the app once one is picked. Throws EntraError. */
export async function authorize(tenant: Tenant, { codes }: UserSignIns, url: URL): Promise<HttpAnswer> {
  const asked = url.searchParams;
  const app = appOf(tenant, asked.get('client_id'));
  const redirectUri = asked.get('redirect_uri') ?? '';
  if (!REGISTERED.test(redirectUri)) {
    throw new EntraError(
      50011,
      `The redirect URI '${redirectUri}' specified in the request does not match the redirect URIs configured for the application '${app.appId}'.`,
    );
  }
  const back = new URL(redirectUri);
  back.searchParams.set('state', asked.get('state') ?? '');
  const challenge = asked.get('code_challenge');
  if (asked.get('response_type') !== 'code' || challenge === null || asked.get('code_challenge_method') !== 'S256') {
    back.searchParams.set('error', 'invalid_request');
    back.searchParams.set('error_description', 'AADSTS900144: A code with a code_challenge is needed.');
    return { status: 302, headers: { Location: back.href }, body: '' };
  }
  const user = userOf(tenant, asked.get('account'));
  if (user === undefined) return { status: 200, headers: HTML, body: await accountPicker(tenant, app, url) };
  const code = randomBytes(60).toString('base64url');
  codes.set(code, { appId: app.appId, userId: user.id, redirectUri, challenge });
  back.searchParams.set('code', code);
  return { status: 302, headers: { Location: back.href }, body: '' };
}

/** The user whose code it is. A code is good once. Throws EntraError. */
export function redeemCode(
  tenant: Tenant,
  { codes }: UserSignIns,
  app: AppRegistration,
  parameters: Readonly<Record<string, string | undefined>>,
): User {
  const { code = '', redirect_uri: redirectUri, code_verifier: verifier = '' } = parameters;
  const agreed = codes.get(code);
  codes.delete(code);
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const user = tenant.users.find(({ id }) => id === agreed?.userId);
  if (user === undefined || agreed?.appId !== app.appId || agreed.redirectUri !== redirectUri) {
    throw new EntraError(70000, 'Provided grant is invalid or malformed.');
  }
  if (agreed.challenge !== challenge) {
    throw new EntraError(
      501481,
      'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
    );
  }
  return user;
}

const DEVICE_MINUTES = 15;

/** Begins a sign-in on another device (RFC 8628). Throws EntraError. */
export function beginDeviceSignIn(tenant: Tenant, { devices }: UserSignIns, clientId: string | null, origin: string) {
  const { appId } = appOf(tenant, clientId);
  const deviceCode = randomBytes(60).toString('base64url');
  const userCode = randomBytes(5).toString('hex').toUpperCase().slice(0, 9);
  devices.set(deviceCode, { appId, userCode });
  const verificationUri = `${origin}/${tenant.id}/deviceauth`;
  return {
    user_code: userCode,
    device_code: deviceCode,
    verification_uri: verificationUri,
    expires_in: DEVICE_MINUTES * 60,
    interval: 1,
    message: `To sign in, use a web browser to open the page ${verificationUri} and enter the code ${userCode} to authenticate.`,
  };
}

/** The page where the code is entered: `?code=` and then `&account=`. Throws EntraError. */
export async function deviceAuth(tenant: Tenant, { devices }: UserSignIns, url: URL): Promise<HttpAnswer> {
  const device = [...devices.values()].find(({ userCode }) => userCode === url.searchParams.get('code'));
  if (device === undefined) return { status: 200, headers: HTML, body: 'Enter the code: add ?code= to the address.' };
  const user = userOf(tenant, url.searchParams.get('account'));
  if (user === undefined) {
    return { status: 200, headers: HTML, body: await accountPicker(tenant, appOf(tenant, device.appId), url) };
  }
  device.userId = user.id;
  return { status: 200, headers: HTML, body: 'You have signed in. You may now close this window.' };
}

/** The user who has entered the code. Throws EntraError while nobody has. */
export function redeemDeviceCode(
  tenant: Tenant,
  { devices }: UserSignIns,
  { appId, allowsPublicClients }: AppRegistration,
  deviceCode: string | undefined,
): User {
  if (!allowsPublicClients) {
    throw new EntraError(
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    );
  }
  const device = devices.get(deviceCode ?? '');
  if (device?.appId !== appId) throw new EntraError(70000, 'Provided grant is invalid or malformed.');
  const user = tenant.users.find(({ id }) => id === device.userId);
  if (user === undefined) {
    throw new EntraError(70016, 'OAuth 2.0 device flow error. Authorization is pending. Continue polling.');
  }
  devices.delete(deviceCode ?? '');
  return user;
}

const HTML = { 'Content-Type': 'text/html; charset=utf-8' };

async function accountPicker(tenant: Tenant, app: AppRegistration, url: URL): Promise<string> {
  const links = tenant.users.map(({ upn, displayName }) => {
    const chosen = new URL(url);
    chosen.searchParams.set('account', upn);
    return html`<li><a href="${chosen.pathname}${chosen.search}">${displayName} (${upn})</a></li>`;
  });
  const page: unknown = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>Sign in to ${tenant.displayName}</title>
      </head>
      <body>
        <h1>Pick an account</h1>
        <p>to continue to ${app.displayName}</p>
        <ul>
          ${links}
        </ul>
      </body>
    </html>`;
  // Hono gives a String object.
  return String(page);
}

function userOf(tenant: Tenant, upn: string | null): User | undefined {
  return tenant.users.find((user) => user.upn === upn);
}

function appOf(tenant: Tenant, clientId: string | null): AppRegistration {
  const app = findApp(tenant, clientId ?? '');
  if (app !== undefined) return app;
  throw new EntraError(
    700016,
    `Application with identifier '${clientId ?? ''}' was not found in the directory '${tenant.displayName}'.`,
  );
}
