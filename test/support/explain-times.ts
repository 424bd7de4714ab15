import { explain } from '../../shared/explain/explain';

const MEGABYTE = 1_000_000;

/** What makes a pattern slow that is not bounded; a part is repeated until there is a megabyte of it. */
const PARTS: Readonly<Record<string, string>> = {
  'one letter': 'a',
  'what looks like tokens': 'eyJaaaaaaaa.',
  'what looks like keys': '"client_secret" : "',
  backslashes: '\\',
  'escaped line ends': '\\n',
  'line ends': '\n',
  'beginnings of answers': 'NO [ALERT] AADSTS',
  spaces: ' ',
  '"error":': '"error" : ',
  base64: 'dXNlcj0',
};

/** Prints for each text the quickest of some looks, in milliseconds of the processor: to be run in a process of its own. */
function main(): void {
  const quickest = Object.entries(PARTS).map(([name, part]) => {
    const text = part.repeat(Math.ceil(MEGABYTE / part.length)).slice(0, MEGABYTE);
    const times = Array.from({ length: 10 }, () => {
      const before = process.cpuUsage();
      explain({ text });
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    });
    return [name, Math.min(...times)] as const;
  });
  process.stdout.write(JSON.stringify(Object.fromEntries(quickest)));
}

main();
