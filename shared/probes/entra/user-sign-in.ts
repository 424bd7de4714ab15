import {
  ConfidentialClientApplication,
  CryptoProvider,
  PublicClientApplication,
  type AuthenticationResult,
} from '@azure/msal-node';
import type { Secrets } from '../../core/ports';
import type { Blind } from '../../core/reading';
import type { Integration } from '../../core/subject';
import { failedLook } from '../failed-look';
import { readCredential, type ReadCredential } from './app-credential';
import { clientConfiguration } from './client-configuration';
import { explain, type Refusal } from './entra-error';
import type { Exchange } from './exchange';
import { refreshTokenIn } from './token-request';
import { readClaims } from './token-claims';

type SignInApp = Pick<Integration, 'loginAuthority' | 'tenant' | 'clientId' | 'scopes' | 'credential'>;

export interface SignedIn {
  /** A secret. */
  readonly refreshToken: string;
  /** UPN of who signed in, lower case; absent where the token tells none. */
  readonly user?: string;
}

export interface NotSignedIn {
  readonly refreshToken?: undefined;
  readonly why: Refusal | Blind;
}

/** One sign-in by authorization code (RFC 6749, section 4.1) with PKCE (RFC 7636). */
export interface CodeSignIn {
  /** Where the user signs in. */
  readonly url: string;
  /** What comes back with the code; a code with another one is somebody else's. */
  readonly state: string;
  /** Redeems the code. Never rejects. */
  readonly redeem: (code: string) => Promise<SignedIn | NotSignedIn>;
}

const WITHIN_MS = 30_000;
/** AADSTS700025: the redirect URI is one of a public client, which shows no secret. */
const PUBLIC_CLIENT = 700025;

/** Throws SecretUnavailableError where the app's credential cannot be read. */
export async function startCodeSignIn(
  app: SignInApp,
  secrets: Pick<Secrets, 'read'>,
  { redirectUri, loginHint }: { readonly redirectUri: string; readonly loginHint?: string | undefined },
): Promise<CodeSignIn> {
  const credential = await readCredential(app.credential, secrets);
  const { verifier: codeVerifier, challenge: codeChallenge } = await new CryptoProvider().generatePkceCodes();
  const state = new CryptoProvider().createNewGuid();
  const scopes = [...app.scopes];
  const redeemAs = (client: ReadCredential | undefined, code: string) =>
    asking(app, (exchange, signal) =>
      clientOf(app, client, exchange, signal).acquireTokenByCode({ code, codeVerifier, redirectUri, scopes }),
    );
  const url = await clientOf(app, credential, {}, AbortSignal.timeout(WITHIN_MS)).getAuthCodeUrl({
    scopes,
    redirectUri,
    state,
    codeChallenge,
    codeChallengeMethod: 'S256',
    // Whoever happens to be signed in to the browser is mostly an administrator: exactly the wrong user.
    prompt: 'login',
    ...(loginHint !== undefined && { loginHint }),
  });
  return {
    url,
    state,
    async redeem(code) {
      const result = await redeemAs(credential, code);
      const isPublic =
        result.refreshToken === undefined && 'aadsts' in result.why && result.why.aadsts.includes(PUBLIC_CLIENT);
      return isPublic ? redeemAs(undefined, code) : result;
    },
  };
}

/** Signs in by a code that is typed in on another device (RFC 8628). `tell` gets the sentence for the user. Never rejects. */
export async function signInByDeviceCode(
  app: SignInApp,
  tell: (sentence: string) => void,
  withinMs: number,
): Promise<SignedIn | NotSignedIn> {
  return asking(
    app,
    (exchange, signal) =>
      new PublicClientApplication(clientConfiguration(app, undefined, exchange, signal)).acquireTokenByDeviceCode({
        scopes: [...app.scopes],
        deviceCodeCallback: ({ message }) => {
          tell(message);
        },
      }),
    withinMs,
  );
}

/** Without a credential a public client. */
function clientOf(
  app: SignInApp,
  credential: ReadCredential | undefined,
  exchange: Exchange,
  signal: AbortSignal,
): ConfidentialClientApplication | PublicClientApplication {
  const settings = clientConfiguration(app, credential, exchange, signal);
  return credential === undefined ? new PublicClientApplication(settings) : new ConfidentialClientApplication(settings);
}

async function asking(
  app: SignInApp,
  ask: (exchange: Exchange, signal: AbortSignal) => Promise<AuthenticationResult | null>,
  withinMs = WITHIN_MS,
): Promise<SignedIn | NotSignedIn> {
  const exchange: Exchange = {};
  const signal = AbortSignal.timeout(withinMs);
  try {
    const result = await ask(exchange, signal);
    const refreshToken = refreshTokenIn(exchange);
    if (result === null || refreshToken === undefined) throw new Error('The answer holds no refresh token.');
    const user = readClaims(result.accessToken)?.user ?? result.account?.username.toLowerCase();
    return { refreshToken, ...(user !== undefined && user !== '' && { user }) };
  } catch (error) {
    const heard = signal.aborted || exchange.answer !== undefined || exchange.networkError !== undefined;
    return {
      why: heard
        ? explain(exchange, app, signal.aborted ? withinMs : undefined)
        : failedLook(error, `Signing in to app ${app.clientId}`),
    };
  }
}
