import type { Probes } from '../core/ports';
import { blind } from '../core/reading';
import { createTokenSource, type TokenSourceOptions } from './entra/token-source';

/**
 * The probe that gets the token with which the helpdesk would open a mailbox. Mailboxes of one app share it, except in the
 * delegated flow, where each delegate has its own. Never rejects.
 */
export function createAccessTokenProbe(options: TokenSourceOptions): Probes['accessToken'] {
  const tokenFor = createTokenSource(options);
  return async (integration, { address, refreshTokenReference }) => {
    if (integration.flow === 'application') return tokenFor(integration);
    if (refreshTokenReference !== undefined) return tokenFor({ ...integration, refreshTokenReference });
    const detail = `No token for ${address} was asked for: the configuration names no refresh token of its delegate. Enter refreshToken for this mailbox.`;
    return { reading: blind('not-configured', detail) };
  };
}
