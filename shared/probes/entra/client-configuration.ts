import type { Configuration } from '@azure/msal-node';
import { msalCredential, type ReadCredential } from './app-credential';
import { exchangeClient, type Exchange, type TokenRequest } from './exchange';

/** MSAL's settings of an app; without a credential it is a public client. What is heard goes into `exchange`. */
export function clientConfiguration(
  { clientId, loginAuthority, tenant }: Pick<TokenRequest, 'clientId' | 'loginAuthority' | 'tenant'>,
  credential: ReadCredential | undefined,
  exchange: Exchange,
  signal: AbortSignal,
): Configuration {
  return {
    auth: {
      clientId,
      ...(credential !== undefined && msalCredential(credential)),
      authority: `${loginAuthority}/${tenant}`,
      // The settings name the authority: nobody needs to be asked whether it exists.
      knownAuthorities: [new URL(loginAuthority).host],
    },
    system: { networkClient: exchangeClient(exchange, signal) },
  };
}
