import type { AccessTokenClaims, VerifiedToken } from '../login/tokens';
import { findResource, type Mailbox, type Tenant } from '../tenant';

/** SASL XOAUTH2's initial response, decoded. */
export interface XOAuth2 {
  /** The mailbox to open. */
  readonly user: string;
  readonly bearer: string;
}

/** What Exchange decides at AUTHENTICATE, on public transcripts of which the dialogue is made. */
export type Admission =
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'throttled'; readonly backoffMs: number }
  /** OK to AUTHENTICATE; without a mailbox every command that needs one is then refused. */
  | { readonly outcome: 'admitted'; readonly mailbox?: Mailbox; readonly tokenEndsAt: number };

/** Undefined where the text is no XOAUTH2. */
export function parseXOAuth2(base64: string): XOAuth2 | undefined {
  const text = Buffer.from(base64, 'base64').toString('utf8');
  // eslint-disable-next-line no-control-regex -- the mechanism separates its fields by control characters
  const [, user, bearer] = /^user=([^\x01]+)\x01auth=Bearer ([^\x01]+)\x01\x01$/i.exec(text) ?? [];
  return user === undefined || bearer === undefined ? undefined : { user: user.toLowerCase(), bearer };
}

/** Whether this token opens this mailbox. */
export function admit(tenant: Tenant, protocol: 'IMAP' | 'POP', user: string, token: VerifiedToken): Admission {
  if (!token.valid) return { outcome: 'refused' };
  const { claims } = token;
  const identity = identityInExchange(tenant, protocol, claims);
  if (identity === undefined) return { outcome: 'refused' };
  const { mailboxes, wire } = tenant.exchange;
  const mailbox = mailboxes.get(user);
  if (mailbox?.throttledForMs !== undefined) return { outcome: 'throttled', backoffMs: mailbox.throttledForMs };
  const hasAccess = mailbox !== undefined && (identity === user || hasFullAccess(tenant, mailbox, identity));
  if (!hasAccess && wire.withoutFullAccess === 'no') return { outcome: 'refused' };
  const tokenEndsAt = claims.exp * 1000;
  return hasAccess && (protocol === 'IMAP' ? mailbox.imapEnabled : mailbox.popEnabled)
    ? { outcome: 'admitted', mailbox, tokenEndsAt }
    : { outcome: 'admitted', tokenEndsAt };
}

/** By a permission of its own, or by one of a group. */
export function hasFullAccess({ groups }: Tenant, { fullAccess }: Mailbox, identity: string): boolean {
  const memberOf = groups.filter(({ members }) => members.includes(identity));
  return [identity, ...memberOf.map(({ displayName }) => displayName)].some((name) => fullAccess.includes(name));
}

/** Under which name permissions list the token's holder; undefined where the token is not one for the protocol. */
function identityInExchange(
  tenant: Tenant,
  protocol: 'IMAP' | 'POP',
  { aud, idtyp, roles, scp, upn, appid, oid }: AccessTokenClaims,
) {
  if (findResource(tenant, aud) !== 'exchange') return undefined;
  if (idtyp === 'user') return scp.split(' ').includes(`${protocol}.AccessAsUser.All`) ? upn : undefined;
  if (!roles.includes(`${protocol}.AccessAsApp`)) return undefined;
  const known = tenant.exchange.servicePrincipals.find((one) => one.appId === appid && one.objectId === oid);
  return known?.displayName;
}
