import { APPLICATION_CHECKS, HELPDESK_CHECKS, MAILBOX_CHECKS, MONITOR_CHECKS } from '../../shared/checks';
import { EXAMPLE_NOW } from '../../shared/checks/example-evidence';
import type { Only } from '../../shared/core/applies';
import type { Cause, Check, Example, Facts, Shell, Step } from '../../shared/core/check';
import { blind } from '../../shared/core/reading';
import { fillText, PART_NAMES, renderRemedy } from '../../shared/core/remedy';
import {
  PRODUCT_NAMES,
  PRODUCTS,
  PROTOCOL_NAMES,
  type Context,
  type Integration,
  type Product,
  type Subject,
} from '../../shared/core/subject';
import { HOUR } from '../../shared/core/time';
import { SEEN, WITHOUT_TEXT } from './seen-in-the-wild';

const GENERATED = '<!-- Generated from the catalogue by npm run docs. -->';
const CONFIDENCE = {
  confirmed: 'confirmed: a source states it',
  inferred: 'inferred: the evidence leaves little else',
  possible: 'possible: one of several',
} as const;
const LANGUAGES: Readonly<Record<Shell, string>> = {
  'exchange-powershell': 'powershell',
  'graph-powershell': 'powershell',
  az: 'sh',
  shell: 'sh',
};

/** Contoso, of which every page tells. */
const CONTOSO: Integration = {
  id: 'service-desk',
  name: 'Contoso service desk',
  product: 'jira',
  provider: 'microsoft365',
  tenant: 'contoso.onmicrosoft.com',
  cloud: 'worldwide',
  clientId: '11111111-2222-4333-8444-555555555555',
  flow: 'delegated',
  protocol: 'imap',
  scopes: ['https://outlook.office.com/IMAP.AccessAsUser.All', 'offline_access'],
  credential: { kind: 'client-secret', reference: 'env:JIRA_CLIENT_SECRET' },
  loginAuthority: 'https://login.microsoftonline.com',
  graphEndpoint: 'https://graph.microsoft.com',
  exchange: { endpoint: 'https://outlook.office365.com', resource: 'https://outlook.office365.com' },
  mailServer: { host: 'outlook.office365.com', port: 993 },
  expiryNoticeDays: [60, 30, 14, 7, 3, 1, 0],
  optionalEvidence: [],
  mailboxes: [{ address: 'support@contoso.com', delegate: 'svc-jira@contoso.com' }],
};

/** Pages of docs/causes by file name: one a cause, and the index. */
export function causePages(): ReadonlyMap<string, string> {
  const told = [
    ...toldBy('mailbox', MAILBOX_CHECKS),
    ...toldBy('application', APPLICATION_CHECKS),
    ...toldBy('monitor', MONITOR_CHECKS),
    ...toldBy('mailbox', HELPDESK_CHECKS),
  ];
  const causes = Map.groupBy(told, ({ id }) => id);
  const titles = new Map(told.map(({ id, title }) => [id, title]));
  return new Map([
    ...[...causes].map(([id, same]) => [`${id}.md`, page(same, titles)] as const),
    ['coverage.md', coverage()] as const,
    ['README.md', index([...causes.values()].flatMap(([first]) => first ?? []))] as const,
  ]);
}

interface Told {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly why: string;
  readonly check: { readonly id: string; readonly title: string };
  readonly examples: readonly { readonly says: string; readonly confidence: string }[];
  readonly steps: readonly string[];
  readonly sources: readonly string[];
  /** Helpdesks that the remedy has a step of its own for. */
  readonly products: readonly Product[];
}

function toldBy<E extends object>(kind: Subject['kind'], checks: readonly Check<E>[]): Told[] {
  return checks.flatMap((check) =>
    check.causes.map((cause) => {
      const context = contextOf(kind, cause.examples[0], check);
      const facts = matchOf(cause, cause.examples[0], context)?.facts ?? {};
      return {
        id: cause.id,
        title: cause.title,
        severity: cause.severity,
        why: fillText(cause.why, facts, context),
        check: { id: check.id, title: check.title },
        examples: cause.examples.map((example) => {
          const match = matchOf(cause, example, contextOf(kind, example, check));
          return { says: example.says, confidence: match === undefined ? '' : CONFIDENCE[match.confidence] };
        }),
        steps: stepTexts(
          cause.remedy.filter((step) => isFor(step, check.only)),
          facts,
          context,
          check.only,
        ),
        sources: cause.sources,
        products: PRODUCTS.filter((product) => cause.remedy.some(({ only }) => only?.product?.includes(product))),
      };
    }),
  );
}

function contextOf<E>(kind: Subject['kind'], { context = {} }: Example<E>, check: Check<E>): Context {
  const { settledHours = 0, ...changes } = context;
  const [limit = {}] = [check.only].flat();
  const [provider = 'microsoft365'] = limit.provider ?? [];
  const [protocol = 'imap'] = limit.protocol ?? [];
  const integration = { ...CONTOSO, provider, protocol, ...changes };
  const subject: Subject =
    kind === 'mailbox'
      ? { kind, integrationId: integration.id, mailbox: 'support@contoso.com' }
      : kind === 'application'
        ? { kind, integrationId: integration.id, clientId: integration.clientId }
        : { kind, integrationId: integration.id, tenant: integration.tenant };
  // Every check has been healthy for as long: which one is asked for does not matter.
  const healthySince = new Proxy({}, { get: () => EXAMPLE_NOW - settledHours * HOUR });
  return { subject, integration, delegate: 'svc-jira@contoso.com', now: EXAMPLE_NOW, healthySince };
}

function matchOf<E extends object>(cause: Cause<E>, example: Example<E>, context: Context) {
  const notSeen = blind('not-configured', 'not read');
  // What the example does not name was not seen.
  const evidence = new Proxy(example.evidence, { get: (seen, name) => (Reflect.get(seen, name) ?? notSeen) as unknown });
  return cause.match(evidence as E, context);
}

/** Every step, whomever it is for; whom, it says. */
function stepTexts(steps: readonly Step[], facts: Facts, context: Context, of: Check<never>['only']): string[] {
  const forAll = steps.map((step) => ({ ...step, only: {} }));
  return renderRemedy(forAll, facts, context).map(({ part, say, commands }, i) => {
    const blocks = commands.map(
      ({ shell, text }) => `\n   \`\`\`${LANGUAGES[shell]}\n   ${text.replaceAll('\n', '\n   ')}\n   \`\`\``,
    );
    return `${i + 1}. **${PART_NAMES[part]}.** ${forWhom(steps[i]?.only, of)}${literally(say)}${blocks.join('')}`;
  });
}

function limitsOf(only: Check<never>['only']): readonly Only[] {
  return only === undefined ? [] : [only].flat();
}

/** Whether the check is for anybody for whom the step is. */
function isFor({ only: step }: Step, check: Check<never>['only']): boolean {
  if (step?.protocol === undefined || check === undefined) return true;
  return limitsOf(check).some(({ protocol }) => protocol?.some((one) => step.protocol?.includes(one)) ?? true);
}

/** "*Jira Data Center, delegated flow:* " */
function forWhom(only: Only | undefined, of: Check<never>['only']): string {
  if (only === undefined) return '';
  const { product, flow, credential, provider, cloud } = only;
  // What the check is for alone needs no word.
  const protocol = limitsOf(of).every((limit) => limit.protocol?.length === 1) && of !== undefined ? undefined : only.protocol;
  const limits = [
    product?.map((one) => PRODUCT_NAMES[one]).join(' or '),
    flow?.map((one) => `${one} flow`).join(' or '),
    protocol?.map((one) => PROTOCOL_NAMES[one]).join(' or '),
    credential?.join(' or '),
    provider?.join(' or '),
    cloud?.join(' or '),
  ].filter((limit) => limit !== undefined);
  return limits.length === 0 ? '' : `*${limits.join(', ')}:* `;
}

/** Markdown would take it for tags and emphasis. */
function literally(text: string): string {
  return text.replace(/[<>*_]/g, String.raw`\$&`);
}

/** Without the tag that a client gives its command. */
function untagged(text: string): string {
  return text.replace(/^[A-Z]+\d+ (?=BAD|NO)/, '');
}

/** What else a text of this cause has turned out to be. */
function alike(cause: string, texts: readonly string[], titles: ReadonlyMap<string, string>): string[] {
  const same = new Set(texts.map(untagged));
  const others = new Set(SEEN.filter(([, text, id]) => id !== cause && same.has(untagged(text))).map(([, , id]) => id));
  if (others.size === 0) return [];
  const links = [...others].map((id) => `- [${titles.get(id) ?? id}](${id}.md)`);
  return ['## What else is logged in the same words', links.join('\n')];
}

function page(same: readonly Told[], titles: ReadonlyMap<string, string>): string {
  const [cause] = same;
  if (cause === undefined) return '';
  const texts = [...new Set(SEEN.filter(([, , id]) => id === cause.id).map(([, text]) => text))];
  return [
    GENERATED,
    `# ${cause.title}`,
    `\`${cause.id}\` · ${cause.severity} · found by ${same.map(({ check }) => `*${check.title}*`).join('; ')}`,
    literally(cause.why),
    ...(texts.length === 0 ? [] : ['## What is logged', ...texts.map((text) => `\`\`\`\n${text}\n\`\`\``)]),
    '## How it shows',
    same
      .flatMap(({ examples }) => examples.map(({ says, confidence }) => `- ${literally(says)} *(${confidence})*`))
      .join('\n'),
    ...alike(cause.id, texts, titles),
    '## What to do',
    'For Contoso, whose mailbox is support@contoso.com; Mailbox Watch fills in yours.',
    cause.steps.join('\n'),
    '## Sources',
    [...new Set(same.flatMap(({ sources }) => sources))].map((source) => `- <${source}>`).join('\n'),
    '',
  ].join('\n\n');
}

function index(causes: readonly Told[]): string {
  const link = (id: string) => `[${id}](${id}.md)`;
  const symptoms = Map.groupBy(SEEN, ([, text]) => text);
  const checks = Map.groupBy(causes, ({ check }) => check.title);
  return [
    GENERATED,
    '# Causes',
    `${causes.length} causes are known. By what is logged, and by the check that finds them.`,
    '## By what is logged',
    [
      '| Text | Causes |',
      '|---|---|',
      ...[...symptoms].map(([text, rows]) => `| ${inTable(text)} | ${rows.map(([, , id]) => link(id)).join(', ')} |`),
    ].join('\n'),
    '## By helpdesk',
    ...PRODUCTS.map((product) => byProduct(product, causes, link)),
    '## By check',
    ...[...checks].map(([title, found]) =>
      [`**${title}**`, '', ...found.map(({ id, title: text }) => `- ${link(id)}: ${literally(text)}`)].join('\n'),
    ),
    '',
  ].join('\n\n');
}

/** The causes whose repair leads into this helpdesk; the others are repaired in Entra ID, Exchange or the network alone. */
function byProduct(product: Product, causes: readonly Told[], link: (id: string) => string): string {
  const own = causes.filter(({ products }) => products.includes(product));
  const list = own.map(({ id, title }) => `- ${link(id)}: ${literally(title)}`);
  return [`**${PRODUCT_NAMES[product]}**`, '', ...list].join('\n');
}

/** Which text of the public collection leads to which cause. */
function coverage(): string {
  const rows = Map.groupBy(SEEN, ([row]) => row);
  const numbers = [...rows.keys(), ...Object.keys(WITHOUT_TEXT).map(Number)].toSorted((a, b) => a - b);
  const lines = numbers.flatMap((number) => {
    const told = (rows.get(number) ?? []).map(([, text, id]) => `| ${number} | ${inTable(text)} | [${id}](${id}.md) |`);
    return told.length > 0 ? told : [`| ${number} | ${WITHOUT_TEXT[number] ?? ''} | |`];
  });
  return [
    GENERATED,
    '# Coverage',
    `Of the ${numbers.length} numbered texts of the collection ${rows.size} lead to a cause by what they say (\`npx jest test/explain\`); ${Object.keys(WITHOUT_TEXT).length} have no text of their own.`,
    ['| Number | Text | Cause |', '|---:|---|---|', ...lines].join('\n'),
    '',
  ].join('\n\n');
}

function inTable(text: string): string {
  const shown = text.length > 160 ? `${text.slice(0, 159)}…` : text;
  return `\`${shown.replaceAll('|', '\\|').replaceAll('`', "'")}\``;
}
