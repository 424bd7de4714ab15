import { spawn } from 'node:child_process';

export interface CliResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
}

export interface StartedCli {
  /** All that was said on standard error, once the text is in it; rejects when it ends before. */
  said(text: string): Promise<string>;
  readonly ended: Promise<CliResult>;
}

/** Where the build puts the command line. */
const CLI = `${process.cwd()}/dist/local/cli.cjs`;

/** Starts the built command line as a person would, without a terminal. Nothing of this machine's own settings reaches it. */
export function startCli(args: readonly string[], { env = {}, cwd, input = '' }: CliOptions = {}): StartedCli {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    ...(cwd !== undefined && { cwd }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = new Promise<CliResult>((resolve) => {
    child.once('close', (code) => {
      resolve({ code, out, err });
    });
  });
  return {
    ended,
    said: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          // A line is whole when it ends.
          if (err.includes(text) && err.endsWith('\n')) resolve(err);
        };
        child.stderr.on('data', look);
        look();
        void ended.then(({ code }) => {
          reject(new Error(`it ended with ${code} and never said "${text}":\n${err}`));
        });
      }),
  };
}

export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return startCli(args, options).ended;
}
