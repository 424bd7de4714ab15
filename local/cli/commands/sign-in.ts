import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Secrets } from '../../../shared/core/ports';
import type { Integration, WatchedMailbox } from '../../../shared/core/subject';
import {
  signInByDeviceCode,
  startCodeSignIn,
  type NotSignedIn,
  type SignedIn,
} from '../../../shared/probes/entra/user-sign-in';
import { createKeyVaultSecrets, vaultUrlIn } from '../../../shared/settings/key-vault';
import { createAllSecrets } from '../../../shared/settings/secret-references';
import { createSecrets } from '../../../shared/settings/secrets';
import {
  openConfiguration,
  ownCredential,
  type ConfigurationOptions,
  type OpenedConfiguration,
} from '../open-configuration';
import { CommandError, EXIT_CODES, USAGE, type Outcome } from '../outcome';
import { receiveCode } from '../receive-code';
import type { Say } from '../progress';
import { chosen } from './check';

export interface SignInOptions extends ConfigurationOptions {
  /** Where the browser comes back to; 0: any that is free. */
  readonly port: number;
  /** A code that is typed in elsewhere, instead of a browser on this machine. */
  readonly deviceCode?: boolean;
}

/** How long a person may take. */
const PATIENCE_MS = 5 * 60_000;

/**
 * Lets the delegate authorise the connection for Mailbox Watch, and keeps the refresh token where the configuration names it: a file that
 * only its owner reads, or Key Vault. Throws CommandError.
 */
export async function signIn(target: string, options: SignInOptions, say: Say): Promise<Outcome> {
  const opened = await openConfiguration(options);
  const { integration, mailbox, reference } = signingIn(opened, target);
  const secrets = secretsOf(opened);
  const { delegate } = mailbox;
  const result = options.deviceCode
    ? await signInByDeviceCode(integration, say, PATIENCE_MS)
    : await inBrowser(integration, secrets, { port: options.port, loginHint: delegate }, say);
  if (result.refreshToken === undefined) throw refused(result, integration);
  const { user, refreshToken } = result;
  if (user !== undefined && delegate !== undefined && user !== delegate) {
    throw new CommandError(
      `You signed in as ${user}; the configured delegate is ${delegate}. Nothing was kept. Run it again and sign in as ${delegate}, in a private window if need be, or correct delegate in the configuration.`,
      EXIT_CODES.critical,
    );
  }
  await keep(secrets, reference, refreshToken, opened.path);
  return {
    text: `${user ?? 'The delegate'} has authorised ${integration.name}. The refresh token is kept at ${reference}. Try it: mailbox-watch check ${target}`,
    code: EXIT_CODES.ok,
  };
}

interface SigningIn {
  readonly integration: Integration;
  readonly mailbox: WatchedMailbox;
  /** Where the refresh token is kept. */
  readonly reference: string;
}

function signingIn({ settings }: OpenedConfiguration, target: string): SigningIn {
  const [integration] = chosen(settings, target).integrations;
  const [mailbox] = integration?.mailboxes ?? [];
  if (integration === undefined || mailbox === undefined)
    throw new CommandError(`There is nothing at "${target}".`, USAGE);
  if (integration.flow !== 'delegated') {
    throw new CommandError(`${integration.id} signs in as an application: no user has to authorise it.`, USAGE);
  }
  if (integration.provider === 'google') {
    throw new CommandError(
      `${integration.id} is one of Google: make its refresh token with Google's OAuth Playground (https://developers.google.com/oauthplayground), your own client and the scope https://mail.google.com/, and put it where refreshToken names.`,
      USAGE,
    );
  }
  const { refreshTokenReference: reference } = mailbox;
  if (reference === undefined || reference.startsWith('env:')) {
    throw new CommandError(
      `The refresh token of ${mailbox.address} needs a place that can be written: let refreshToken name file:PATH or kv:VAULT/NAME.`,
      USAGE,
    );
  }
  return { integration, mailbox, reference };
}

function secretsOf({ path, settings }: OpenedConfiguration): Secrets {
  const local = createSecrets({ environment: process.env, folder: dirname(path) });
  const [first] = settings.integrations;
  const credential = first && ownCredential(settings, first, local);
  const vaultUrl = vaultUrlIn(first?.cloud ?? 'worldwide');
  return createAllSecrets(local, createKeyVaultSecrets({ credential, vaultUrl, now: Date.now }));
}

async function inBrowser(
  integration: Integration,
  secrets: Secrets,
  { port, loginHint }: { readonly port: number; readonly loginHint: string | undefined },
  say: Say,
): Promise<SignedIn | NotSignedIn> {
  const back = await receiveCode(port, PATIENCE_MS);
  try {
    const signIn = await startCodeSignIn(integration, secrets, { redirectUri: back.address, loginHint });
    say(`Open this address and sign in${loginHint === undefined ? '' : ` as ${loginHint}`}:\n\n${signIn.url}\n`);
    const code = await back.code(signIn.state);
    return await signIn.redeem(code);
  } finally {
    back.close();
  }
}

async function keep(secrets: Secrets, reference: string, refreshToken: string, configuration: string): Promise<void> {
  const [kind, name = ''] = reference.split(/:(.*)/s);
  // Only its owner may look into the folder, as into the file.
  if (kind === 'file') await mkdir(dirname(resolve(dirname(configuration), name)), { recursive: true, mode: 0o700 });
  await secrets.keep(reference, refreshToken);
}

/** What a refusal means for this command; the rest is in the catalogue. */
const ADVICE: ReadonlyMap<number, string> = new Map([
  [
    50011,
    'Add http://localhost as a redirect URI: App registrations > (the app) > Authentication > Add a platform > Web.',
  ],
  [
    53003,
    'A policy of Conditional Access blocks device codes: leave --device-code out, and sign in in a browser on this machine.',
  ],
  [7000218, 'Device codes need: App registrations > (the app) > Authentication > Allow public client flows.'],
]);

function refused({ why }: NotSignedIn, { clientId }: Integration): CommandError {
  if ('outcome' in why) return new CommandError(why.detail, EXIT_CODES.critical);
  const advice = why.aadsts.flatMap((code) => ADVICE.get(code) ?? []).join(' ');
  const next =
    advice === ''
      ? `What it means: mailbox-watch explain "${why.aadsts.map((code) => `AADSTS${code}`).join(' ')}"`
      : advice;
  return new CommandError(`Signing in to app ${clientId} was refused: ${why.description} ${next}`, EXIT_CODES.critical);
}
