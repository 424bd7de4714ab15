import type { Channel, Notice } from '../core/notice';
import { post } from './post';
import { cut, plainText, textOf } from './text';

export interface EmailOptions {
  readonly id: string;
  /** Origin of Microsoft Graph. */
  readonly graphEndpoint: string;
  /** The mailbox that it is sent from. */
  readonly from: string;
  readonly to: readonly string[];
  /** Access token of an app with Mail.Send on that mailbox. May reject. */
  readonly token: () => Promise<string>;
}

const MAX_TEXT = 60_000;

/** E-mail through Graph's sendMail: several notices are one mail, in plain text. Through the tenant that is watched: never the only channel. */
export function createEmailChannel({ id, graphEndpoint, from, to, token }: EmailOptions): Channel {
  return {
    id,
    send: async (notices) => {
      const bearer = await token();
      return post({
        url: `${graphEndpoint}/v1.0/users/${encodeURIComponent(from)}/sendMail`,
        to: 'Microsoft Graph',
        secrets: [bearer],
        gone: `There is no mailbox ${from}: correct from in the configuration.`,
        headers: { Authorization: `Bearer ${bearer}` },
        body: {
          message: {
            subject: subjectOf(notices),
            body: { contentType: 'Text', content: cut(notices.map(mailText).join('\n\n---\n\n'), MAX_TEXT) },
            toRecipients: to.map((address) => ({ emailAddress: { address } })),
          },
          saveToSentItems: false,
        },
      });
    },
  };
}

function subjectOf(notices: readonly Notice[]): string {
  const [first] = notices;
  const more = notices.length - 1;
  const title = first === undefined ? '' : textOf(first).title;
  return cut(`Mailbox Watch: ${title}`, 200) + (more > 0 ? ` (and ${more} more)` : '');
}

function mailText(notice: Notice): string {
  return `${textOf(notice).title}\n\n${plainText(notice)}`;
}
