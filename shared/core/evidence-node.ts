/** `ok` and `bad` as the source says it, `fact` is neither, `unseen` could not be seen, `skipped` was not reached. */
export type EvidenceMark = 'ok' | 'bad' | 'fact' | 'unseen' | 'skipped';

/** One line of what was looked at, as the Remote Connectivity Analyzer shows its steps. */
export interface EvidenceNode {
  readonly mark: EvidenceMark;
  readonly text: string;
  /** The other side's own words. */
  readonly said?: string;
  /** Milliseconds it took. */
  readonly ms?: number;
  /** When it was read, where that is not now; milliseconds since 1970. */
  readonly readAt?: number;
  readonly children?: readonly EvidenceNode[];
}
