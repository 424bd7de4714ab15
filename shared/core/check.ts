import type { Only } from './applies';
import type { Severity } from './severity';
import type { Context } from './subject';

export type NonEmpty<T> = readonly [T, ...T[]];

export function isNonEmpty<T>(list: readonly T[]): list is NonEmpty<T> {
  return list.length > 0;
}

/** `confirmed`: a source states the cause. `inferred`: the evidence leaves little else. `possible`: one of several. */
export type Confidence = 'confirmed' | 'inferred' | 'possible';

/** Values found in the evidence that fill a remedy's placeholders, such as `{ keyId: '…' }`. */
export type Facts = Readonly<Record<string, string>>;

export interface Match {
  readonly confidence: Confidence;
  readonly facts?: Facts;
  /** Overrides the cause's severity where it depends on the evidence, such as the days left. */
  readonly severity?: Severity;
  /** The notice step reached, in days; on an expiry ladder only. */
  readonly noticeStep?: number;
  /** Which credential it is about (key id), so that two secrets are two alerts. */
  readonly credential?: string;
  /** How it came about, a sentence, where a log tells; stands behind the cause's mechanism. */
  readonly history?: string;
}

export type Shell = 'exchange-powershell' | 'graph-powershell' | 'az' | 'shell';

/** Who may do a step: roles of Entra ID, of Azure, of Google, or of the machine at hand. The least that suffices. */
export type Role =
  | 'Global Reader'
  | 'Exchange Administrator'
  | 'Exchange Administrator with the role Role Management'
  | 'Cloud Application Administrator, or an owner of the app'
  | 'Cloud Application Administrator'
  | 'Privileged Role Administrator'
  | 'Conditional Access Administrator'
  | 'User Administrator'
  | 'License Administrator'
  | 'Contributor on the function app'
  | 'User Access Administrator on the resource'
  | 'Reader on the resource'
  | 'Contributor on the vault'
  | 'Key Vault Reader on the vault'
  | 'Key Vault Secrets Officer on the vault'
  | 'Storage Queue Data Reader on the storage account'
  | 'super administrator of Google Workspace'
  | 'editor of the Google Cloud project';

/** `check`: see whether it is so. `repair`: change something. `verify`: see that it is well. */
export type StepPart = 'check' | 'repair' | 'verify';

/**
 * One step of a remedy. `{name}` is replaced by a value of the context or of the match; in commands it is quoted for the shell.
 * `only` limits a step; every combination that the check is for must keep at least one step.
 */
export interface Step {
  /** A repair where absent. */
  readonly part?: StepPart;
  readonly say: string;
  /** Absent where nobody's leave is needed, and in the helpdesk. */
  readonly role?: Role;
  readonly run?: { readonly shell: Shell; readonly command: string };
  readonly only?: Only;
}

export interface Example<E> {
  readonly says: string;
  /** Evidence not named here is blind with `not-configured`. */
  readonly evidence: Partial<E>;
  readonly context?: Partial<
    Pick<
      Context['integration'],
      | 'flow'
      | 'product'
      | 'expiryNoticeDays'
      | 'protocol'
      | 'provider'
      | 'cloud'
      | 'credential'
      | 'tenant'
      | 'optionalEvidence'
    >
  > & {
    /** Hours for which every other check has been healthy; 0 where absent. */
    readonly settledHours?: number;
  };
}

/** One way to fail, with its remedy. The id is an alert key, a metric label and a page name: never rename it. */
export interface Cause<E> {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** The mechanism, in a few sentences. */
  readonly why: string;
  /** How many consecutive observations before an alert opens: 1 permanent, 2 refusals, 3 network and throttling. */
  readonly opensAfter: 1 | 2 | 3;
  /** Undefined when the evidence does not speak for this cause. Never throws. */
  readonly match: (evidence: E, context: Context) => Match | undefined;
  readonly remedy: NonEmpty<Step>;
  /** Addresses of pages that back the claim. */
  readonly sources: NonEmpty<string>;
  /** Each is diagnosed as this cause: tests and docs read them. */
  readonly examples: NonEmpty<Example<E>>;
}

export interface Check<E> {
  readonly id: string;
  /** An assertion that is true when the check is healthy: "The mailbox opens over IMAP". */
  readonly title: string;
  /** The evidence it judges; what is blind of it is named when the verdict is unclear. */
  readonly needs: NonEmpty<keyof E & string>;
  /** Integrations that it is for, any of several; all where absent. */
  readonly only?: Only | NonEmpty<Only>;
  /** Checks that must hold before this one can be judged; earlier in the list. */
  readonly after: readonly string[];
  /** True only when the evidence proves it. Never throws. */
  readonly healthy: (evidence: E, context: Context) => boolean;
  /** Most specific first: the first match is the diagnosis, later matches are also possible. */
  readonly causes: NonEmpty<Cause<E>>;
}
