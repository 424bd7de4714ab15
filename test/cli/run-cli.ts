import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

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

/** Where the build puts the command line. */
const CLI = `${process.cwd()}/dist/local/cli.cjs`;

/** Runs the built command line as a person would, without a terminal. Nothing of this machine's own settings reaches it. */
export async function runCli(
  args: readonly string[],
  { env = {}, cwd, input = '' }: CliOptions = {},
): Promise<CliResult> {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    ...(cwd !== undefined && { cwd }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, out, err };
}
