import { CATALOGUE, HELPDESK_CHECKS, MAILBOX_CHECKS } from '../checks';
import { diagnoseAll, type DiagnosedCause } from '../core/diagnose';
import type { MailboxEvidence } from '../core/evidence';
import { blind, seen } from '../core/reading';
import { fillText, renderRemedy, type RemedyStep } from '../core/remedy';
import type { Context, Flow, Integration, Product, Protocol } from '../core/subject';
import { redacted } from './redact';
import { MAX_TEXT, signalsIn, type Signal } from './signals';

export interface Question {
  readonly text: string;
  readonly product?: Product | undefined;
  readonly flow?: Flow | undefined;
}

export interface ExplainedCause {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  /** `possible` where the same words have several causes. */
  readonly confidence: DiagnosedCause['confidence'];
  readonly steps: readonly RemedyStep[];
  readonly sources: readonly string[];
}

export interface Explanation {
  /** What was found in the text, in its order; excerpts hold no secret. */
  readonly found: readonly { readonly line: number; readonly excerpt: string }[];
  /** The likeliest first; empty where nothing is known. */
  readonly causes: readonly ExplainedCause[];
  /** What Microsoft's support asks for, where the text has it. */
  readonly traceId?: string;
  readonly correlationId?: string;
  /** Where nothing was found: what to do then. */
  readonly unknown?: string;
  /** True where the text was longer than what is read. */
  readonly cut: boolean;
}

const NOT_SEEN = blind('not-attempted', 'Only the text is known.');
const NOTHING: MailboxEvidence = {
  configuredSecret: NOT_SEEN,
  accessToken: NOT_SEEN,
  imapSession: NOT_SEEN,
  popSession: NOT_SEEN,
  graphMail: NOT_SEEN,
  casMailbox: NOT_SEEN,
  mailboxPermissions: NOT_SEEN,
  appAuthorization: NOT_SEEN,
  mailboxChanges: NOT_SEEN,
  exchangeServicePrincipal: NOT_SEEN,
  enterpriseApplication: NOT_SEEN,
  delegateAccount: NOT_SEEN,
  serviceHealth: NOT_SEEN,
};

/**
 * The causes of what a helpdesk has logged, from the catalogue that judges live evidence: every sign in the text is taken for what a probe
 * would have seen. Never throws.
 */
export function explain({ text, product = 'other', flow }: Question): Explanation {
  const signals = signalsIn(text);
  const flows: readonly Flow[] = flow === undefined ? ['delegated', 'application'] : [flow];
  const causes = new Map<string, ExplainedCause>();
  // The sign that comes last in the way of a login is nearest to the fault.
  for (const signal of signals.toSorted((a, b) => depthOf(b) - depthOf(a))) {
    for (const each of flows) {
      for (const cause of causesOf(signal, each, product)) if (!causes.has(cause.id)) causes.set(cause.id, cause);
    }
  }
  const traceId = /trace[_ ]id["']?:?\s{0,3}["']?([\da-f-]{36})/i.exec(text.slice(0, MAX_TEXT))?.[1];
  const correlationId = /correlation[_ ]id["']?:?\s{0,3}["']?([\da-f-]{36})/i.exec(text.slice(0, MAX_TEXT))?.[1];
  return {
    found: signals.map(({ line, excerpt }) => ({ line, excerpt })),
    causes: [...causes.values()],
    ...(traceId !== undefined && { traceId }),
    ...(correlationId !== undefined && { correlationId }),
    ...(causes.size === 0 && { unknown: unknownText(signals, text) }),
    cut: text.length > MAX_TEXT,
  };
}

/** Words of the helpdesk that name a cause go before a refusal of the token endpoint, those that name none after all others. */
function depthOf(signal: Signal): number {
  if (signal.of === 'helpdesk') return signal.rank === 'sure' ? 1 : -1;
  return signal.of === 'token' ? 0 : 2;
}

function causesOf(signal: Signal, flow: Flow, product: Product): ExplainedCause[] {
  const context = contextOf(signal, flow, product);
  const diagnoses =
    signal.of === 'helpdesk'
      ? diagnoseAll(HELPDESK_CHECKS, { helpdeskLog: seen({ text: signal.text }) }, context)
      : diagnoseAll(MAILBOX_CHECKS, evidenceOf(signal), context);
  return [...diagnoses.values()].flatMap((diagnosis) => {
    if (diagnosis.verdict !== 'diagnosed') return [];
    const all = [diagnosis.cause, ...diagnosis.alsoPossible];
    return all.flatMap((one) => [one, ...narrower(one.id, flow)]).flatMap((one) => explained(one, context));
  });
}

/**
 * What the same words have turned out to be, the commonest first: a text alone does not decide between them, live evidence does.
 * Source: errors, sections 1, 2 and 4.
 */
const NARROWER: Readonly<Record<string, Readonly<Record<Flow, readonly string[]>>>> = {
  'mailbox-refused': {
    delegated: ['imap-disabled', 'wrong-authorising-user', 'full-access-missing'],
    application: ['imap-disabled', 'full-access-missing'],
  },
  'login-refused': {
    delegated: ['token-for-other-resource', 'imap-permission-not-in-token'],
    application: [],
  },
  'service-principal-refused': {
    delegated: [],
    application: [
      'service-principal-wrong-object-id',
      'service-principal-not-registered',
      'token-for-other-resource',
      'imap-permission-not-in-token',
    ],
  },
};

function narrower(id: string, flow: Flow): DiagnosedCause[] {
  return (NARROWER[id]?.[flow] ?? []).map((one) => ({
    id: one,
    severity: 'critical',
    confidence: 'possible',
    facts: {},
  }));
}

function explained({ id, confidence, facts }: DiagnosedCause, context: Context): ExplainedCause[] {
  const cause = CATALOGUE.flatMap(({ causes }) => causes).find((one) => one.id === id);
  if (cause === undefined) return [];
  return [
    {
      id,
      title: cause.title,
      why: fillText(cause.why, facts, context),
      confidence,
      steps: renderRemedy(cause.remedy, facts, context),
      sources: cause.sources,
    },
  ];
}

function evidenceOf(signal: Exclude<Signal, { of: 'helpdesk' }>): MailboxEvidence {
  switch (signal.of) {
    case 'token':
      return { ...NOTHING, accessToken: seen(signal.refusal) };
    case 'imap':
      return { ...NOTHING, imapSession: seen({ host: '', port: 993, steps: [], failure: signal.failure, ms: 0 }) };
    case 'pop':
      return { ...NOTHING, popSession: seen({ host: '', port: 995, steps: [], failure: signal.failure, ms: 0 }) };
    case 'graph':
      return { ...NOTHING, graphMail: seen(signal.answer) };
  }
}

/** Nobody's connection: what is not known stays visible as `<name>`. */
function contextOf(signal: Signal, flow: Flow, product: Product): Context {
  const protocol: Protocol = signal.of === 'pop' || signal.of === 'graph' ? signal.of : 'imap';
  const isGoogle = signal.of === 'token' ? signal.provider === 'google' : isGoogles(signal);
  const integration: Integration = {
    id: 'explain',
    name: '<integration>',
    product,
    provider: isGoogle ? 'google' : 'microsoft365',
    tenant: '<tenant>',
    cloud: 'worldwide',
    clientId: '<client id>',
    flow,
    protocol,
    scopes: ['<scopes>'],
    credential: { kind: usesCertificate(signal) ? 'certificate' : 'client-secret', reference: '<where it is kept>' },
    loginAuthority: 'https://login.microsoftonline.com',
    graphEndpoint: 'https://graph.microsoft.com',
    exchange: { endpoint: 'https://outlook.office365.com', resource: 'https://outlook.office365.com' },
    mailServer: { host: 'outlook.office365.com', port: protocol === 'pop' ? 995 : 993 },
    expiryNoticeDays: [0],
    optionalEvidence: [],
    mailboxes: [],
  };
  return {
    subject: { kind: 'mailbox', integrationId: 'explain', mailbox: '<mailbox>' },
    integration,
    delegate: '<delegate>',
    now: 0,
  };
}

function isGoogles(signal: Signal): boolean {
  return (
    signal.of === 'imap' &&
    /\[ALERT\]|\[AUTHENTICATIONFAILED\]|\[OVERQUOTA\]/.test(signal.failure.text) &&
    !/LogonDenied|AuthFailed/.test(signal.failure.text)
  );
}

function usesCertificate(signal: Signal): boolean {
  return signal.of === 'token' && signal.refusal.aadsts.some((number) => [700027, 700024, 700030].includes(number));
}

function unknownText(signals: readonly Signal[], text: string): string {
  const line = redacted(text.slice(0, MAX_TEXT).trim().split('\n')[0] ?? '').slice(0, 200);
  const what =
    signals.length === 0
      ? `Nothing in the text is known: ${line}`
      : `Known, but without a cause: ${signals[0]?.excerpt ?? ''}`;
  return `${what} Paste the lines around it too: many clients log the reason in the line before. If that does not help, report the text, with mailbox names taken out, so that it becomes known.`;
}
