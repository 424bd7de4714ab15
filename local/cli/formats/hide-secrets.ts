import { SECRET_KEYS } from '../../../shared/settings/problems';

const VALUE_OF_SECRET_KEY = new RegExp(
  `((?:${SECRET_KEYS.join('|')})["']?\\s*:\\s*)(?!["']?(?:(?:env|file|kv):|[\\da-f]{8}-[\\da-f]{4}-))(\\S.*)`,
  'g',
);
const LONG_WORD = /\S{31,}/g;
const NO_SECRET = /^["'[{,-]*(?:https?:\/\/|[\da-f]{8}-[\da-f]{4}-|[^@\s]+@[^@\s]+\.)/i;

/** The text of a configuration with `…` in place of what may be a secret that somebody wrote into it. */
export function hideSecrets(text: string): string {
  return text
    .replace(VALUE_OF_SECRET_KEY, (_, key: string) => `${key}…`)
    .replace(LONG_WORD, (word) => (NO_SECRET.test(word) ? word : '…'));
}
