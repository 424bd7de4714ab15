/** Something that can be broken and repaired while Mailbox Watch looks on. */
export interface Fault {
  /** Such as `imap-off:hr@contoso.com`. */
  readonly id: string;
  /** What is wrong while it is broken. */
  readonly says: string;
  /** What an administrator would do, for which `repair` stands. */
  readonly remedy: string;
  /** Nothing is wrong with it when the demo starts. */
  readonly startsRepaired?: true;
  readonly isBroken: () => boolean;
  readonly repair: () => void;
  readonly break: () => void;
}
