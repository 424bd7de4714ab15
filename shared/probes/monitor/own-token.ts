import type { TokenCredential } from '@azure/identity';
import type { TokenAnswer } from '../../core/evidence';
import { CREDENTIAL_UNREADABLE } from '../../core/monitor-evidence';
import { SignInError } from '../../core/ports';
import { blind, seen, type Reading } from '../../core/reading';
import type { Integration } from '../../core/subject';
import { within } from '../directory/graph';
import { readClaims } from '../entra/token-claims';
import { failedLook } from '../failed-look';

export interface OwnTokenOptions {
  /** What Mailbox Watch signs in with in the tenant. */
  readonly credentialFor: (integration: Integration) => TokenCredential | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Longest time the sign-in may take, in milliseconds. */
  readonly deadlineMs?: number;
}

/**
 * The probe that signs in to Microsoft Graph as Mailbox Watch itself, and tells the claims of the token: its `roles` are the application
 * permissions. Never rejects.
 */
export function createOwnTokenProbe({ credentialFor, now, deadlineMs = 30_000 }: OwnTokenOptions) {
  return async (self: Integration): Promise<Reading<TokenAnswer>> => {
    const asked = `Signing in to ${self.graphEndpoint} as Mailbox Watch`;
    const signal = AbortSignal.timeout(deadlineMs);
    const startedAt = now();
    try {
      const credential = credentialFor(self);
      if (credential === undefined) return blind('not-configured', nothingToSignInWith(self));
      const token = await within(signal, () => credential.getToken(`${self.graphEndpoint}/.default`));
      if (token === null) return blind('malformed', `${asked} gave no token, and no reason.`);
      const claims = readClaims(token.token);
      return seen({
        issued: true,
        expiresAt: token.expiresOnTimestamp,
        ms: now() - startedAt,
        ...(claims !== undefined && { claims }),
      });
    } catch (error) {
      if (signal.aborted) {
        return blind(
          'timeout',
          `${asked} took longer than ${deadlineMs / 1000} s. Check that nothing slows HTTPS down.`,
        );
      }
      if (!(error instanceof SignInError)) return failedLook(error, asked);
      return seenOf(error, now() - startedAt);
    }
  };
}

/** What a sign-in in vain says of Mailbox Watch: it was refused, or its own credential is not there. Else it says why nothing was seen. */
function seenOf({ reading, refusal }: SignInError, ms: number): Reading<TokenAnswer> {
  if (refusal !== undefined) return seen(refusal);
  if (reading.reason !== 'not-configured') return reading;
  return seen({ issued: false, error: CREDENTIAL_UNREADABLE, aadsts: [], description: reading.detail, ms });
}

function nothingToSignInWith({ tenant }: Integration): string {
  return `Mailbox Watch has nothing to sign in to ${tenant} with, so it reads no directory and no Exchange. Set monitor.signIn in the configuration.`;
}
