import type { AlertEventKind } from './alerting';
import type { Confidence, NonEmpty } from './check';
import type { Severity } from './severity';
import type { RemedyStep } from './remedy';

/** `test`: an administrator tries whether the channel works. */
export type NoticeKind = AlertEventKind | 'test';

/**
 * What people are told of one alert: plain data, made of state and catalogue, with no secret in it. Every channel renders the same
 * notice. Times are milliseconds since 1970.
 */
export interface Notice {
  /** The same on every attempt to send this notice, and different for every other one: what receivers dedupe by. */
  readonly id: string;
  /** Names the alert: integration, subject, check, cause and credential; never severity or days left. */
  readonly alertKey: string;
  readonly kind: NoticeKind;
  readonly severity: Severity;
  /** One sentence: what broke, and where. */
  readonly headline: string;
  readonly integration: { readonly id: string; readonly name: string; readonly owner?: string };
  readonly subject: { readonly kind: string; readonly name: string };
  readonly check: { readonly id: string; readonly title: string };
  readonly cause: { readonly id: string; readonly title: string };
  readonly confidence: Confidence;
  /** The mechanism, in a few sentences. */
  readonly why: string;
  /** When this was observed. */
  readonly at: number;
  readonly openedAt: number;
  /** Only on `resolved`. */
  readonly resolvedAt?: number;
  /** The remedy's steps, in order; a channel shows as many as fit. */
  readonly steps: readonly RemedyStep[];
  /** Where the whole of it is to be read; absent where the monitor does not know its own address. */
  readonly link?: string;
  /** When the next notice comes if nothing changes. */
  readonly nextNoticeAt?: number;
  /** When the credential ends, on an expiry. */
  readonly expiresAt?: number;
  /** What Microsoft says of Exchange Online meanwhile, where it is not well; not the cause, but to be known. */
  readonly incident?: string;
  /** Names of what stays silent because of this root cause, such as the mailboxes behind an expired secret. */
  readonly alsoAffected?: readonly string[];
}

/** What came of sending. `detail` is one sentence for a person: what happened and what to do; it holds no address of a webhook, no secret. */
export type SendResult =
  | { readonly sent: true }
  /** `later`: try again, not before `afterMs` milliseconds where the receiver named them. `never`: the same would fail again. */
  | { readonly sent: false; readonly retry: 'later' | 'never'; readonly afterMs?: number; readonly detail: string };

/** A way to reach people. */
export interface Channel {
  readonly id: string;
  /** Several notices are a digest: one message where the receiver can, else one after the other. Never rejects. */
  readonly send: (notices: NonEmpty<Notice>) => Promise<SendResult>;
}

/** A notice on its way: it stays until every channel has it. Plain data, kept beside the state that it tells of. */
export interface OutboxEntry {
  readonly notice: Notice;
  /** Channels that do not have it yet, by id. */
  readonly pending: Readonly<Record<string, PendingSend>>;
}

export interface PendingSend {
  /** Failed attempts so far. */
  readonly attempts: number;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
}

/** What a channel last came to. Milliseconds since 1970. */
export interface ChannelHealth {
  readonly lastSentAt?: number;
  /** Absent when the last attempt succeeded. */
  readonly failure?: {
    readonly at: number;
    readonly detail: string;
    /** When the row of failures began; absent in what was noted before that was kept. */
    readonly since?: number;
  };
}
