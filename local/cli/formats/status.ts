import { metricsText } from '../../../shared/formats/metrics';
import type { StatusReport } from '../../../shared/core/report';
import { junitText } from './junit';
import { markdownText } from './markdown';
import { nagiosText } from './nagios';
import { statusScreen } from './screen';

export const STATUS_FORMATS = ['pretty', 'json', 'junit', 'nagios', 'markdown', 'prometheus'] as const;
export type StatusFormat = (typeof STATUS_FORMATS)[number];

export interface FormatOptions {
  /** Shows each check of each mailbox. */
  readonly everyCheck: boolean;
  /** False where something is left out; a remedy is then shown whole. */
  readonly isWhole: boolean;
}

/** Steps of a remedy that are shown where many mailboxes are. */
const FEW_STEPS = 2;

/** The report as text, without a newline at the end. Rejects where a metric's label cannot be written. */
export async function formatStatus(
  report: StatusReport,
  format: StatusFormat,
  { everyCheck, isWhole }: FormatOptions,
): Promise<string> {
  switch (format) {
    case 'pretty':
      return statusScreen(report, {
        everyCheck,
        stepsShown: isWhole ? FEW_STEPS : Infinity,
        moreAt: (id, name) => (isWhole ? `mailbox-watch check ${id}${name.includes('@') ? `/${name}` : ''}` : ''),
      });
    case 'json':
      return JSON.stringify(report, undefined, 2);
    case 'junit':
      return junitText(report);
    case 'nagios':
      return nagiosText(report);
    case 'markdown':
      return markdownText(report);
    case 'prometheus':
      return (await metricsText(report, 'prometheus')).trimEnd();
  }
}
