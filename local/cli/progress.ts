import { Listr, ListrLogger, ProcessOutput, type ListrLogLevels } from 'listr2';

/** Tells the person at the terminal something that is no result; a whole sentence. */
export type Say = (text: string) => void;

export interface Step {
  readonly title: string;
  readonly run: () => Promise<void>;
}

/** Integrations that are looked at side by side. */
const AT_ONCE = 4;

/**
 * Runs the rows one after another, the steps of a row side by side, and shows on standard error how far they are. Throws what a step
 * throws, when all of its row have ended.
 */
export async function inSteps(quiet: boolean, rows: readonly (readonly Step[])[]): Promise<void> {
  const processOutput = new ProcessOutput(process.stderr, process.stderr);
  for (const row of rows) {
    const tasks = new Listr(
      row.map(({ title, run }) => ({ title, task: run })),
      {
        concurrent: AT_ONCE,
        exitOnError: false,
        collectErrors: true,
        renderer: quiet ? 'silent' : process.stderr.isTTY ? 'default' : 'simple',
        rendererOptions: { logger: new ListrLogger({ processOutput }) },
        fallbackRenderer: 'simple',
        fallbackRendererOptions: { logger: new ListrLogger<ListrLogLevels>({ processOutput }) },
      },
    );
    await tasks.run();
    const [failure] = tasks.errors ?? [];
    if (failure !== undefined) throw failure;
  }
}
