/** Scopes that are about the sign-in itself and belong to no resource. */
const OPENID_SCOPES = ['openid', 'profile', 'email', 'offline_access'];

/** A request's scope parameter, taken apart. */
export interface RequestedScope {
  readonly openid: readonly string[];
  readonly permissions: readonly Permission[];
}

export interface Permission {
  /** As it was asked for, such as `https://outlook.office.com/IMAP.AccessAsUser.All`. */
  readonly scope: string;
  /** Such as `https://outlook.office.com`; empty where the scope names none. */
  readonly resource: string;
  /** Such as `IMAP.AccessAsUser.All` or `.default`. */
  readonly name: string;
}

export function parseScope(parameter: string): RequestedScope {
  const scopes = parameter.split(/\s+/).filter((scope) => scope !== '');
  return {
    openid: scopes.filter((scope) => OPENID_SCOPES.includes(scope)),
    permissions: scopes
      .filter((scope) => !OPENID_SCOPES.includes(scope))
      .map((scope) => {
        const slash = scope.lastIndexOf('/');
        return { scope, resource: scope.slice(0, Math.max(0, slash)), name: scope.slice(slash + 1) };
      }),
  };
}
