import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { DEMO_FOLDER } from '../../local/cli/demo-folder';
import { freePort } from '../support/free-port';

const readme = readFileSync('README.md', 'utf8');

interface Started {
  readonly lines: string[];
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
  /** Resolves once a line holds the text; rejects when the process ends without one. */
  said(text: string): Promise<void>;
  stop(): void;
}

/** `npm start` as it is, but for the port. */
function start(port: number): Started {
  const child = spawn(process.execPath, ['dist/local/start.cjs'], {
    env: { ...process.env, PORT: String(port), ADMIN_PORT: '0', MAILBOX_WATCH_CONFIG: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const ended = once(child, 'close').then(([code]) => code as number | null);
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', (line) => lines.push(line));
  return {
    lines,
    ended,
    async said(text) {
      const isOver = ended.then(() => true);
      while (!lines.some((line) => line.includes(text))) {
        const over = await Promise.race([isOver, once(child.stdout, 'data').then(() => false)]);
        if (over) throw new Error(`it ended without saying "${text}":\n${lines.join('\n')}`);
      }
    },
    stop: () => child.kill('SIGINT'),
  };
}

describe('npm start', () => {
  it('shows a verdict for everything, serves it, and ends well on Ctrl+C', async () => {
    const port = await freePort();
    const run = start(port);
    try {
      await run.said('Ctrl+C ends');
      const text = run.lines.join('\n');
      expect(text).toContain('watching the demo tenant Contoso');
      expect(text).toContain('What the local host does not do');
      expect(text).toMatch(/✓ support@contoso\.com +All checks are healthy/);
      expect(text).toMatch(/✗ projects@contoso\.com +The client secret has expired/);
      expect(text).toMatch(/! press@contoso\.com +Exchange throttles this mailbox/);
      // What the README shows is what is printed, but for the port.
      const shown = (/<!-- first-run -->\n```\n([^]*?)```/.exec(readme)?.[1] ?? '').split('\n');
      expect(shown.length).toBeGreaterThan(20);
      const printed = run.lines.map((line) => line.replace(`:${port}/`, ':7071/').trimEnd());
      expect(shown.filter((line) => line !== '…' && !printed.includes(line))).toEqual([]);
      const response = await fetch(`http://127.0.0.1:${port}/api/status`);
      expect(await response.json()).toMatchObject({ status: 'critical' });
      // As after another demo tenant that was started here and has ended.
      rmSync(DEMO_FOLDER, { force: true });
    } finally {
      run.stop();
    }
    expect(await run.ended).toBe(0);
    await expect(fetch(`http://127.0.0.1:${port}/api/status`)).rejects.toThrow();
  }, 60_000);

  it('says that its port is taken, and ends with 1', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const run = start(port);
    expect(await run.ended).toBe(1);
    taken.close();
    expect(run.lines.join('\n')).toMatch(new RegExp(`${port}.*(in use|taken|EADDRINUSE)`));
  }, 60_000);
});
