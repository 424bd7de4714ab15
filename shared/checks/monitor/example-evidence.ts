import type { TokenIssued } from '../../core/evidence';
import type { Seen } from '../../core/reading';
import { tokenIssued } from '../example-evidence';

/** Mailbox Watch's own token for Microsoft Graph with these application permissions. */
export function ownTokenWith(roles: readonly string[]): Seen<TokenIssued> {
  return tokenIssued({
    aud: 'https://graph.microsoft.com',
    appid: '99999999-2222-4333-8444-555555555555',
    oid: 'e0000000-0000-4000-8000-000000000099',
    ...(roles.length > 0 && { roles }),
  });
}
