import { applies } from './applies';
import type { Facts, Shell, Step } from './check';
import { PRODUCT_NAMES, PROTOCOL_NAMES, type Context } from './subject';

export interface RemedyCommand {
  readonly shell: Shell;
  readonly text: string;
}

export interface RemedyStep {
  readonly say: string;
  readonly commands: readonly RemedyCommand[];
}

const PLACEHOLDER = /\{([a-zA-Z]+)\}/g;

/**
 * The steps that apply to this integration, filled in with the administrator's own mailbox and app.
 * A value that is not known stays visible as `<name>`; the catalogue's tests prove that none does.
 */
export function renderRemedy(steps: readonly Step[], facts: Facts, context: Context): RemedyStep[] {
  const values = valuesOf(facts, context);
  return steps
    .filter(({ only }) => applies(only, context.integration))
    .map(({ say, run }) => ({
      say: fill(say, values, (value) => value),
      commands: run === undefined ? [] : [{ shell: run.shell, text: fill(run.command, values, quoteFor(run.shell)) }],
    }));
}

/** The text with its placeholders replaced by plain values. */
export function fillText(text: string, facts: Facts, context: Context): string {
  return fill(text, valuesOf(facts, context), (value) => value);
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
      ...facts,
    }),
  );
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
