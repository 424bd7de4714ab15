/** How often the tenant was asked for what. */
export interface DemoCounters {
  readonly tokenRequests: number;
  readonly graphRequests: number;
  /** Those of the Graph requests that were a $batch. */
  readonly graphBatches: number;
  /** Requests to Exchange's administration. */
  readonly exchangeRequests: number;
  readonly imapConnections: number;
  /** AUTHENTICATE that was answered OK. */
  readonly imapLogins: number;
  /** The server's turns: the greeting, and every answer to what arrived together. */
  readonly imapTurns: number;
  /** By command. EXAMINE and SELECT are always in it; SELECT marks mails, and nobody who only looks sends it. */
  readonly imapCommands: Readonly<Record<string, number>>;
  readonly popConnections: number;
  /** By command. RETR and DELE are always in it; nobody who only looks sends them. */
  readonly popCommands: Readonly<Record<string, number>>;
}

type ByCommand = 'imapCommands' | 'popCommands';

/** Counters that still count. */
export type Counting = { -readonly [Key in Exclude<keyof DemoCounters, ByCommand>]: DemoCounters[Key] } & {
  readonly imapCommands: Record<string, number>;
  readonly popCommands: Record<string, number>;
};

export function startCounting(): Counting {
  return {
    tokenRequests: 0,
    graphRequests: 0,
    graphBatches: 0,
    exchangeRequests: 0,
    imapConnections: 0,
    imapLogins: 0,
    imapTurns: 0,
    imapCommands: { EXAMINE: 0, SELECT: 0 },
    popConnections: 0,
    popCommands: { RETR: 0, DELE: 0 },
  };
}
