import { setTimeout as sleep } from 'node:timers/promises';
import { allSubjects, type StatusReport, type SubjectReport } from '../../shared/core/report';
import { changeLine, statusScreen, summary } from '../cli/formats/screen';

const POLL_MS = 300;
const WATCH_MS = 2000;
/** A first run that takes longer is shown as far as it got. */
const FIRST_RUN_WITHIN_MS = 120_000;

/** Of each remedy. */
const STEPS_SHOWN = 2;

export interface Watch {
  readonly statusUrl: string;
  /** What was checked before this moment does not count as the first run. Milliseconds since 1970. */
  readonly since: number;
  readonly signal: AbortSignal;
  readonly say: (text?: string) => void;
  /** Progress while the first run lasts, such as "12 of 24 checked". */
  readonly progress: (text: string) => void;
  /** Why there is no status to show; may say the same again and again. */
  readonly trouble: (text: string) => void;
  readonly afterFirstRun: () => void;
}

/** Shows the first run when it is complete, then every verdict that changes, until the signal. Reads only what the status function serves. */
export async function watchStatus(watch: Watch): Promise<void> {
  const first = await firstRun(watch);
  if (first === undefined) return;
  watch.say(statusScreen(first, { moreAt: (id, name) => `${watch.statusUrl}/${id}/${name}`, stepsShown: STEPS_SHOWN }));
  watch.say();
  watch.afterFirstRun();
  let before = subjectsOf(allSubjects(first));
  while (await pause(WATCH_MS, watch.signal)) {
    const report = await fetchStatus(watch);
    if (report === undefined) continue;
    const now = subjectsOf(allSubjects(report));
    const changed = [...now].flatMap(([key, subject]) => {
      const earlier = before.get(key);
      return earlier === undefined || earlier.headline === subject.headline
        ? []
        : [changeLine(report.generatedAt, earlier, subject)];
    });
    for (const line of changed) watch.say(line);
    if (changed.length > 0) watch.say(`          ${summary(report)}`);
    before = now;
  }
}

async function firstRun(watch: Watch): Promise<StatusReport | undefined> {
  const deadline = Date.now() + FIRST_RUN_WITHIN_MS;
  while (await pause(POLL_MS, watch.signal)) {
    const report = await fetchStatus(watch);
    // Nothing can be shown yet; what keeps it from being shown may be repaired meanwhile.
    if (report === undefined) continue;
    // Mailbox Watch looks at itself afterwards: whether everything is checked is a part of it.
    const subjects = [...subjectsOf(allSubjects({ ...report, monitor: [] })).values()];
    const checked = subjects.filter(({ checkedAt }) => checkedAt !== undefined && Date.parse(checkedAt) >= watch.since);
    watch.progress(`${checked.length} of ${subjects.length} checked`);
    if (checked.length === subjects.length || Date.now() >= deadline) return report;
  }
  return undefined;
}

function subjectsOf(subjects: ReturnType<typeof allSubjects<SubjectReport>>): Map<string, SubjectReport> {
  return new Map(
    subjects.map(({ integration: { id }, subject }) => [`${id}/${subject.kind}/${subject.name}`, subject]),
  );
}

/** Undefined while the status cannot be read. */
async function fetchStatus({ statusUrl, signal, trouble }: Watch): Promise<StatusReport | undefined> {
  try {
    const response = await fetch(`${statusUrl}?brief=0`, { signal });
    if (response.ok) return (await response.json()) as StatusReport;
    trouble(troubleIn((await response.json()) as ProblemAnswer, statusUrl));
  } catch (error) {
    if (!signal.aborted)
      trouble(`${statusUrl} does not answer: ${error instanceof Error ? error.message : String(error)}`);
  }
  return undefined;
}

/** What the status function answers where there is no status. */
interface ProblemAnswer {
  readonly title: string;
  readonly detail?: string;
  readonly file?: string;
  readonly problems?: readonly {
    readonly path: string;
    readonly line: number;
    readonly column: number;
    readonly message: string;
  }[];
}

function troubleIn({ title, detail, file, problems }: ProblemAnswer, statusUrl: string): string {
  if (problems === undefined) return `${statusUrl}: ${title}. ${detail ?? ''}`;
  const lines = problems.map(
    ({ path, line, column, message }) => `  ${path} (line ${line}, column ${column}): ${message}`,
  );
  return [`${title}: ${file ?? ''}`, ...lines, 'Correct it and save it: it is read again by itself.'].join('\n');
}

/** False when the signal ended the pause. */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}
