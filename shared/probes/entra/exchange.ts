import type { ClientSecretCredentialOptions } from '@azure/identity';
import type { INetworkModule, NetworkRequestOptions } from '@azure/msal-node';
import type { Integration } from '../../core/subject';
import { parseJson } from '../parse-json';
import type { ReadCredential } from './app-credential';

export interface TokenRequest extends Pick<Integration, 'loginAuthority' | 'tenant' | 'clientId' | 'scopes'> {
  readonly credential: ReadCredential;
  /** With it the app acts for the user who authorised it, without it for itself. */
  readonly refreshToken?: string | undefined;
}

export interface EndpointAnswer {
  readonly status: number;
  /** The JSON; undefined where the answer is none. */
  readonly body: unknown;
  /** The header of that name. */
  readonly retryAfter: string | null | undefined;
}

/**
 * What was last heard of the token endpoint. MSAL keeps one AADSTS number of an error answer and nothing of a network error, so
 * both are taken from the wire. Holds tokens: it never leaves this folder.
 */
export interface Exchange {
  answer?: EndpointAnswer;
  networkError?: unknown;
  /** What was sent last and may be told to nobody, whoever repeats it. */
  confidential?: readonly string[];
}

const CONFIDENTIAL = ['client_secret', 'client_assertion', 'refresh_token', 'code', 'code_verifier', 'device_code'];

function confidentialIn(form: unknown): string[] {
  if (typeof form !== 'string') return [];
  const sent = new URLSearchParams(form);
  return CONFIDENTIAL.flatMap((name) => sent.getAll(name)).filter((value) => value !== '');
}

type Policy = NonNullable<ClientSecretCredentialOptions['additionalPolicies']>[number];

/** Puts what is heard into `exchange`, and the signal on every request: the credential itself takes none. */
export function exchangePolicy(exchange: Exchange, signal: AbortSignal): Policy {
  return {
    position: 'perCall',
    policy: {
      name: 'mailboxWatchExchange',
      sendRequest: (request, next) => {
        request.abortSignal = signal;
        // Node's own agent closes idle sockets after 5 s; the SDK's would reuse one that died since the last token.
        request.disableKeepAlive = true;
        exchange.confidential = confidentialIn(request.body);
        return hear(exchange, async () => {
          const response = await next(request);
          const retryAfter = response.headers.get('Retry-After');
          exchange.answer = { status: response.status, body: parseJson(response.bodyAsText), retryAfter };
          return response;
        });
      },
    },
  };
}

/** MSAL's network over fetch: puts what is heard into `exchange`, and ends with the signal. */
export function exchangeClient(exchange: Exchange, signal: AbortSignal): INetworkModule {
  const send = (method: 'GET' | 'POST', url: string, { headers, body }: NetworkRequestOptions = {}) =>
    hear(exchange, async () => {
      exchange.confidential = confidentialIn(body);
      const response = await fetch(url, {
        method,
        signal,
        // A secret goes where the settings say, not where an answer points.
        redirect: 'manual',
        ...(headers !== undefined && { headers }),
        ...(body !== undefined && { body }),
      });
      const { status } = response;
      const json = parseJson(await response.text());
      exchange.answer = { status, body: json, retryAfter: response.headers.get('Retry-After') };
      if (typeof json !== 'object' || json === null) throw new Error('The answer is no JSON object.');
      // MSAL names the type it hopes for.
      return { status, headers: Object.fromEntries(response.headers), body: json as never };
    });
  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
  };
}

async function hear<T>(exchange: Exchange, send: () => Promise<T>): Promise<T> {
  delete exchange.answer;
  try {
    return await send();
  } catch (error) {
    exchange.networkError = error;
    throw error;
  }
}
