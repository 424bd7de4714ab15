import { applies } from './applies';
import type { Facts, Shell, Step, StepPart } from './check';
import { CLOUD_TOOLS, signInsFor } from './cloud-tools';
import { mailDefaults } from './mail-defaults';
import { PRODUCT_NAMES, PROTOCOL_NAMES, type Context } from './subject';

/** As people read them. */
export const PART_NAMES: Readonly<Record<StepPart, string>> = { check: 'Check', repair: 'Repair', verify: 'Verify' };

export interface RemedyCommand {
  readonly shell: Shell;
  readonly text: string;
}

export interface RemedyStep {
  readonly part: StepPart;
  /** With the role that it needs. */
  readonly say: string;
  readonly commands: readonly RemedyCommand[];
}

const PLACEHOLDER = /\{([a-zA-Z]+)\}/g;

/**
 * The steps that apply to this integration, filled in with the administrator's own mailbox and app. What a shell needs once, to be signed in
 * to the tenant in its cloud, stands before its first command.
 * A value that is not known stays visible as `<name>`; the catalogue's tests prove that none does.
 */
export function renderRemedy(steps: readonly Step[], facts: Facts, context: Context): RemedyStep[] {
  const values = valuesOf(facts, context);
  const { cloud } = context.integration;
  const signedIn = new Set<Shell>();
  return steps
    .filter(({ only }) => applies(only, context.integration))
    .map((step) => {
      const { part = 'repair', run } = step;
      if (run === undefined) return { part, say: fill(sayWithRole(step), values, asItIs), commands: [] };
      const signIns = signInsFor(run.command, run.shell, cloud).filter(({ shell }) => !signedIn.has(shell));
      for (const { shell } of signIns) signedIn.add(shell);
      const commands = [...signIns, run].map(({ shell, command }) => ({
        shell,
        text: fill(command, values, quoteFor(shell)),
      }));
      return { part, say: fill(sayWithRole(step), values, asItIs), commands };
    });
}

/** "Enable IMAP on support@contoso.com. (Exchange Administrator)" */
export function sayWithRole({ say, role }: Pick<Step, 'say' | 'role'>): string {
  return role === undefined ? say : `${say} (${role})`;
}

/** The text with its placeholders replaced by plain values. */
export function fillText(text: string, facts: Facts, context: Context): string {
  return fill(text, valuesOf(facts, context), asItIs);
}

/** How a fault comes to be: the cause's mechanism, and how it came about this time where a log told that. */
export function whyText(
  why: string,
  { facts, history }: { readonly facts: Facts; readonly history?: string },
  context: Context,
): string {
  const mechanism = fillText(why, facts, context);
  return history === undefined ? mechanism : `${mechanism} ${history}`;
}

function valuesOf(facts: Facts, { subject, integration, delegate }: Context): ReadonlyMap<string, string> {
  return new Map(
    Object.entries({
      mailbox: subject.kind === 'mailbox' ? subject.mailbox : (integration.mailboxes[0]?.address ?? '<mailbox>'),
      delegate: delegate ?? integration.mailboxes[0]?.delegate ?? '<delegate>',
      integration: integration.name,
      product: PRODUCT_NAMES[integration.product],
      clientId: integration.clientId,
      tenant: integration.tenant,
      loginAuthority: integration.loginAuthority,
      protocol: PROTOCOL_NAMES[integration.protocol],
      mailHost: integration.mailServer.host,
      mailPort: String(integration.mailServer.port),
      credentialReference: integration.credential.reference,
      scopes: integration.scopes.join(' '),
      wantedScopes: mailDefaults(integration).scopes.join(' '),
      graphEndpoint: integration.graphEndpoint,
      subjectPath: subject.kind === 'mailbox' ? `${integration.id}/${subject.mailbox}` : integration.id,
      ...CLOUD_TOOLS[integration.cloud],
      ...facts,
    }),
  );
}

function asItIs(value: string): string {
  return value;
}

function fill(template: string, values: ReadonlyMap<string, string>, quote: (value: string) => string): string {
  return template.replace(PLACEHOLDER, (_, name: string) => {
    const value = values.get(name);
    return value === undefined ? `<${name}>` : quote(value);
  });
}

/** Quotes a value so that the shell takes it as one word, whatever is in it. */
function quoteFor(shell: Shell): (value: string) => string {
  return shell === 'exchange-powershell' || shell === 'graph-powershell'
    ? quotePowerShell
    : (value) => `'${value.replaceAll("'", `'\\''`)}'`;
}

/** The value as a PowerShell string that nothing is expanded in, quotes included. */
export function quotePowerShell(value: string): string {
  // PowerShell takes the typographic quotes U+2018 to U+201B for single quotes too; doubling escapes each.
  return `'${value.replace(/['\u2018-\u201b]/g, '$&$&')}'`;
}
