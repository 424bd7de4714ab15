export const ACCESS_MODES = ['function-key', 'app-service', 'anonymous'] as const;
/**
 * Who may ask for the status. `function-key`: whoever has a key of the Functions host. `app-service`: whoever signed in through App
 * Service authentication. `anonymous`: everybody, for a page that shows that all is well and no more.
 */
export type AccessMode = (typeof ACCESS_MODES)[number];

export const DETAIL_MODES = ['never', 'when-authorized', 'always'] as const;
/** Who sees names of mailboxes and apps, causes and evidence; others see counts. */
export type DetailMode = (typeof DETAIL_MODES)[number];

export interface Access {
  readonly mode: AccessMode;
  readonly details: DetailMode;
  /** Whether the platform authenticates; without it the header of a principal is anybody's word. */
  readonly platformAuthenticates: boolean;
}

/** Names of the app settings. */
const ACCESS_SETTING = 'MAILBOX_WATCH_ACCESS';
const DETAILS_SETTING = 'MAILBOX_WATCH_DETAILS';

/** Reads the app settings; throws where one has an unknown value, so that a typing error opens nothing. */
export function readAccess(environment: Readonly<Record<string, string | undefined>>): Access {
  return {
    mode: oneOf(ACCESS_MODES, ACCESS_SETTING, environment[ACCESS_SETTING] ?? 'function-key'),
    details: oneOf(DETAIL_MODES, DETAILS_SETTING, environment[DETAILS_SETTING] ?? 'when-authorized'),
    // App Service's own variable: https://learn.microsoft.com/azure/app-service/reference-app-settings
    platformAuthenticates: environment['WEBSITE_AUTH_ENABLED']?.toLowerCase() === 'true',
  };
}

function oneOf<const Value extends string>(values: readonly Value[], name: string, given: string): Value {
  const value = values.find((one) => one === given);
  if (value === undefined) throw new Error(`The app setting ${name} is "${given}": expected ${values.join(', ')}.`);
  return value;
}

/** `details`: all of it. `summary`: no name of anything. `refused`: `why` tells the caller what to do. */
export type Grant =
  | { readonly shown: 'details' | 'summary' }
  | { readonly shown: 'refused'; readonly status: 401 | 503; readonly why: string };

/** What a caller gets to see. `principal`: the header x-ms-client-principal-id, which App Service sets and strips. Never throws. */
export function grantFor({ mode, details, platformAuthenticates }: Access, principal: string | null): Grant {
  const signedIn = platformAuthenticates && principal !== null && principal !== '';
  if (mode === 'app-service' && !platformAuthenticates) {
    const why = `${ACCESS_SETTING} is app-service, but App Service authentication is switched off: switch it on, or nobody can be told from anybody.`;
    return { shown: 'refused', status: 503, why };
  }
  if (mode === 'app-service' && !signedIn) return { shown: 'refused', status: 401, why: 'Sign in first.' };
  if (details !== 'when-authorized') return { shown: details === 'always' ? 'details' : 'summary' };
  // With a key the host has let through nobody without one.
  return { shown: mode === 'function-key' || signedIn ? 'details' : 'summary' };
}
