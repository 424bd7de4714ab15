import type { Channel, Notice } from '../core/notice';
import { DAY } from '../core/time';
import { post } from './post';
import { annotationsOf, labelsOf } from './webhook';

export interface AlertmanagerOptions {
  readonly id: string;
  /** Such as `http://alertmanager:9093`; no slash at the end. */
  readonly url: string;
}

/** Alertmanager takes an alert for over when nobody tells of it: until well after the next reminder. */
const OUTLASTS_REMINDER = DAY;
const WITHOUT_REMINDER = 35 * DAY;

/** Prometheus's Alertmanager: it dedupes, groups, silences and sends on. */
export function createAlertmanagerChannel({ id, url }: AlertmanagerOptions): Channel {
  return {
    id,
    send: (notices) =>
      post({
        url: `${url}/api/v2/alerts`,
        to: `Alertmanager at ${url}`,
        secrets: [],
        gone: 'There is no Alertmanager at this address: correct url in the configuration.',
        body: notices.map(alertOf),
      }),
  };
}

function alertOf(notice: Notice) {
  const endsAt =
    notice.resolvedAt ??
    (notice.nextNoticeAt === undefined ? notice.at + WITHOUT_REMINDER : notice.nextNoticeAt + OUTLASTS_REMINDER);
  return {
    labels: labelsOf(notice),
    // Severity changes while an alert lasts: as a label it would make another one.
    annotations: { ...annotationsOf(notice), severity: notice.severity },
    startsAt: new Date(notice.openedAt).toISOString(),
    endsAt: new Date(endsAt).toISOString(),
    ...(notice.link !== undefined && { generatorURL: notice.link }),
  };
}
